import { mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Request, Response, type V4WorkerOptions } from 'miniflare'
import { Files } from './stand-ins/files.ts'

/** A Worker that is one module, at a path. */
export type OneModule = Extract<V4WorkerOptions, { modules: unknown[] }> & {
  modules: [{ type: 'ESModule'; path: string }]
}

/**
 * Returns a small Worker that replaces a service: the module at `path`, relative to this folder, which may be
 * TypeScript and imports no other module of Muster. `services` are its bindings.
 */
export function standIn(name: string, path: string, services: V4WorkerOptions['serviceBindings'] = {}): OneModule {
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

/**
 * Returns a Worker, given as one module, with the stand-in for R2 as its binding `FILES`. The objects are in a folder, which
 * is made if it is missing.
 */
export function withFiles(worker: OneModule, folder: string): V4WorkerOptions {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { modules, serviceBindings } = worker
  const [{ path }] = modules
  const name = basename(path)
  const contents = `import { env } from 'cloudflare:workers'
    import worker from './${name}'
    env.FILES = new (${Files})(env.FOLDER)
    export * from './${name}'
    export default worker`
  return {
    ...worker,
    modules: [{ type: 'ESModule', path: join(dirname(path), 'with-files.js'), contents }, ...modules],
    serviceBindings: { ...serviceBindings, FOLDER: { disk: { path: folder, writable: true } } },
  }
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
