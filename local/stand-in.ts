import { mkdirSync } from 'node:fs'
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

/** Returns the stand-in for R2 under a name. Its objects are in a folder, which is made if it is missing. */
export function filesWorker(name: string, folder: string): V4WorkerOptions {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return standIn(name, 'stand-ins/files.ts', { FOLDER: { disk: { path: folder, writable: true } } })
}

/** Returns the Worker that runs SQL on a database. */
export function databaseWorker(name: string, id: string): V4WorkerOptions {
  return { ...standIn(name, 'stand-ins/database.ts'), d1Databases: { DB: { id } } }
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
