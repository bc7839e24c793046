import { type Request, Response, type V4WorkerOptions } from 'miniflare'

/**
 * Returns a small Worker that replaces a service: the module at `path`, relative to this folder, which may be
 * TypeScript and imports no other module of Muster. `services` are its bindings.
 */
export function standIn(
  name: string,
  path: string,
  services: V4WorkerOptions['serviceBindings'] = {},
): V4WorkerOptions {
  return {
    name,
    compatibilityDate: '2026-11-01',
    // The runtime removes the types itself.
    compatibilityFlags: ['nodejs_compat', 'typescript_strip_types'],
    rootPath: import.meta.dirname,
    modules: [{ type: 'ESModule', path }],
    serviceBindings: services,
  }
}

type Answer = (request: Request) => Promise<Response>

/** Answers a request with what `handle` returns for its JSON. If `handle` throws, answers 400 with its message. */
export function answering(handle: (json: unknown) => unknown): Answer {
  return async (request) => {
    try {
      return Response.json((await handle(await request.json())) ?? null)
    } catch (error) {
      return new Response(error instanceof Error ? error.message : String(error), { status: 400 })
    }
  }
}
