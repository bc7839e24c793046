import { type Request, Response, type V4WorkerOptions } from 'miniflare'

/** A small Worker in the place of a service; `outside` answers what it fetches by those names. */
export function standIn(name: string, script: string, outside: Record<string, Answer>): V4WorkerOptions {
  return {
    name,
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['nodejs_compat'],
    modules: true,
    script,
    serviceBindings: outside,
  }
}

type Answer = (request: Request) => Promise<Response>

/** Answers a request's JSON with what `handle` makes of it, and a refusal with the reason that it throws. */
export function answering(handle: (json: unknown) => unknown): Answer {
  return async (request) => {
    try {
      return Response.json(handle(await request.json()) ?? null)
    } catch (error) {
      return new Response(error instanceof Error ? error.message : String(error), { status: 400 })
    }
  }
}
