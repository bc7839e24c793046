import { WorkerEntrypoint } from 'cloudflare:workers'

/*
 * The Worker that stands in for the R2 binding: the calls that Muster makes of it, on a folder of this machine that the
 * runtime itself reads and writes, an object a file. What is written is whole or not there, as in R2. The runtime's own
 * bucket passes what it is given through JavaScript 4 KB at a time to name it by its MD5, which nobody asks for.
 */

type About = Pick<R2Object, 'key' | 'size' | 'uploaded'>

const FOLDER = 'http://files/'

/** Returns one name for one key: a slash is no part of a name, and none begins with a dot. */
function fileOf(key: string): string {
  return `${FOLDER}o${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`
}

function keyOf(file: string): string {
  return file.slice(1).replaceAll('~1', '/').replaceAll('~0', '~')
}

function aboutOf(key: string, { headers }: Response): About {
  return {
    key,
    size: Number(headers.get('Content-Range')?.split('/')[1] ?? headers.get('Content-Length')),
    uploaded: new Date(headers.get('Last-Modified') ?? Number.NaN),
  }
}

/** The binding, with the names that R2 gives its calls. */
export default class Files extends WorkerEntrypoint<{ FOLDER: Fetcher }> {
  async put(key: string, value: BodyInit): Promise<void> {
    await this.#ask(fileOf(key), { method: 'PUT', body: value })
  }

  async get(
    key: string,
    { range }: { range?: { offset: number; length: number } } = {},
  ): Promise<(About & { body: ReadableStream | null }) | null> {
    const headers = range === undefined ? {} : { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` }
    const response = await this.#ask(fileOf(key), { headers })
    return response === null ? null : { ...aboutOf(key, response), body: response.body }
  }

  async head(key: string): Promise<About | null> {
    const response = await this.#ask(fileOf(key), { method: 'HEAD' })
    return response === null ? null : aboutOf(key, response)
  }

  async delete(keys: string | string[]): Promise<void> {
    for (const key of [keys].flat()) await this.#ask(fileOf(key), { method: 'DELETE' })
  }

  async list({ prefix = '', startAfter = '', limit = 1000 } = {}): Promise<{ objects: About[]; truncated: boolean }> {
    const response = await this.#ask(FOLDER, {})
    const entries: { name: string }[] = (await response?.json()) ?? []
    const keys = entries.map(({ name }) => keyOf(name)).filter((key) => key.startsWith(prefix) && key > startAfter)
    const objects = await Promise.all(
      keys
        .sort()
        .slice(0, limit)
        .map((key) => this.head(key)),
    )
    return { objects: objects.filter((object) => object !== null), truncated: keys.length > limit }
  }

  async #ask(url: string, init: RequestInit): Promise<Response | null> {
    const response = await this.env.FOLDER.fetch(url, init)
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`The folder for files answered ${response.status}: ${await response.text()}`)
    return response
  }
}
