/*
 * What replaces the R2 binding. It offers the calls that Muster makes, on a folder of this machine that the runtime itself
 * reads and writes, with one file for each object. As in R2, an object is written completely or not at all. The runtime's own
 * bucket passes the data through JavaScript 4 KB at a time to compute its MD5, which Muster does not need.
 */

type About = Pick<R2Object, 'key' | 'size' | 'uploaded'>

/**
 * The binding. Its methods have the names of R2's calls. It runs in the Worker that uses it: a call of another Worker copies
 * an object of megabytes several times. So its own text is given to the runtime, and it must name nothing outside of itself.
 */
export class Files {
  readonly #folder: Fetcher

  constructor(folder: Fetcher) {
    this.#folder = folder
  }

  async put(key: string, value: BodyInit): Promise<void> {
    await this.#ask(this.#fileOf(key), { method: 'PUT', body: value })
  }

  async get(
    key: string,
    { range }: { range?: { offset: number; length: number } } = {},
  ): Promise<(About & { body: ReadableStream | null }) | null> {
    const headers = range === undefined ? {} : { Range: `bytes=${range.offset}-${range.offset + range.length - 1}` }
    const response = await this.#ask(this.#fileOf(key), { headers })
    return response === null ? null : { ...this.#aboutOf(key, response), body: response.body }
  }

  async head(key: string): Promise<About | null> {
    const response = await this.#ask(this.#fileOf(key), { method: 'HEAD' })
    return response === null ? null : this.#aboutOf(key, response)
  }

  async delete(keys: string | string[]): Promise<void> {
    for (const key of [keys].flat()) await this.#ask(this.#fileOf(key), { method: 'DELETE' })
  }

  async list({ prefix = '', startAfter = '', limit = 1000 } = {}): Promise<{ objects: About[]; truncated: boolean }> {
    const response = await this.#ask('', {})
    const entries: { name: string }[] = (await response?.json()) ?? []
    const keys = entries
      .map(({ name }) => name.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'))
      .filter((key) => key.startsWith(prefix) && key > startAfter)
    const objects = await Promise.all(
      keys
        .sort()
        .slice(0, limit)
        .map((key) => this.head(key)),
    )
    return { objects: objects.filter((object) => object !== null), truncated: keys.length > limit }
  }

  /** Returns the file name for a key. The name has no slash and does not begin with a dot. */
  #fileOf(key: string): string {
    return `o${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`
  }

  #aboutOf(key: string, { headers }: Response): About {
    return {
      key,
      size: Number(headers.get('Content-Range')?.split('/')[1] ?? headers.get('Content-Length')),
      uploaded: new Date(headers.get('Last-Modified') ?? Number.NaN),
    }
  }

  async #ask(file: string, init: RequestInit): Promise<Response | null> {
    const response = await this.#folder.fetch(`http://files/${file}`, init)
    if (response.status === 404) return null
    if (!response.ok) throw new Error(`The folder for files answered ${response.status}: ${await response.text()}`)
    return response
  }
}
