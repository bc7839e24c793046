import { mkdirSync } from 'node:fs'
import type { V4WorkerOptions } from 'miniflare'

/**
 * The Worker that stands in for the R2 binding: the calls that Muster makes of it, on a folder of this machine that the
 * runtime itself reads and writes, an object a file. What is written is whole or not there, as in R2. The runtime's own
 * bucket passes what it is given through JavaScript 4 KB at a time to name it by its MD5, which nobody asks for: ten times
 * the time of this, and a third of what an import took.
 */
const FILES_WORKER = `
import { WorkerEntrypoint } from 'cloudflare:workers'

const FOLDER = 'http://files/'
/** One name for one key: a slash is no part of a name, and none begins with a dot. */
const fileOf = (key) => FOLDER + 'o' + encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
const keyOf = (file) => file.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
const aboutOf = (key, { headers }) => ({
  key,
  size: Number(headers.get('Content-Range')?.split('/')[1] ?? headers.get('Content-Length')),
  uploaded: new Date(headers.get('Last-Modified')),
})

export default class extends WorkerEntrypoint {
  async put(key, value) {
    await this.#ask(fileOf(key), { method: 'PUT', body: value })
  }

  async get(key, { range } = {}) {
    const headers = range === undefined ? {} : { Range: 'bytes=' + range.offset + '-' + (range.offset + range.length - 1) }
    const response = await this.#ask(fileOf(key), { headers })
    return response === null ? null : { ...aboutOf(key, response), body: response.body }
  }

  async head(key) {
    const response = await this.#ask(fileOf(key), { method: 'HEAD' })
    return response === null ? null : aboutOf(key, response)
  }

  async delete(keys) {
    for (const key of [keys].flat()) await this.#ask(fileOf(key), { method: 'DELETE' })
  }

  async list({ prefix = '', startAfter = '', limit = 1000 } = {}) {
    const entries = await (await this.#ask(FOLDER, {})).json()
    const keys = entries.map(({ name }) => keyOf(name)).filter((key) => key.startsWith(prefix) && key > startAfter)
    const objects = await Promise.all(keys.sort().slice(0, limit).map((key) => this.head(key)))
    return { objects: objects.filter((object) => object !== null), truncated: keys.length > limit }
  }

  async #ask(url, init) {
    const response = await this.env.FOLDER.fetch(url, init)
    if (response.status === 404) return null
    if (!response.ok) throw new Error('The folder for files answered ' + response.status + ': ' + (await response.text()))
    return response
  }
}
`

/** The stand-in for R2 under a name, with its objects in a folder, which is made where it is missing. */
export function filesWorker(name: string, folder: string): V4WorkerOptions {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    name,
    compatibilityDate: '2026-11-01',
    modules: true,
    script: FILES_WORKER,
    serviceBindings: { FOLDER: { disk: { path: folder, writable: true } } },
  }
}
