import { mkdirSync } from 'node:fs'
import type { V4WorkerOptions } from 'miniflare'
import { standIn } from './stand-in.ts'

/** Returns the stand-in for R2 under a name. Its objects are in a folder, which is made if it is missing. */
export function filesWorker(name: string, folder: string): V4WorkerOptions {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return standIn(name, 'stand-ins/files.ts', { FOLDER: { disk: { path: folder, writable: true } } })
}
