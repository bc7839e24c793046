import { MOST_BYTES, type Spill } from '../core/sorted-records.ts'
import type { Env } from '../env.ts'
import { bytesOf } from './files.ts'
import type { RunRow } from './runs.ts'

/**
 * Keeps the sorted records of a plan in R2 while the plan is made. `clear` deletes them. They are in a folder of their own,
 * which no run names, so that what a crash leaves is deleted with other such files (`store/unnamed-files.ts`).
 */
export class StoredSpill implements Spill {
  readonly most: number
  readonly #bucket: R2Bucket
  readonly #folder: string
  readonly #names = new Set<string>()
  #written = 0

  constructor(env: Env, { source, id, attempt }: Pick<RunRow, 'source' | 'id' | 'attempt'>) {
    this.most = env.SPILL ?? MOST_BYTES
    this.#bucket = env.FILES
    this.#folder = `plans/${source}/${id}.${attempt}.${crypto.randomUUID().slice(0, 8)}-sorted`
  }

  async write(run: Uint8Array<ArrayBuffer>): Promise<string> {
    const name = `${this.#folder}/${this.#written++}`
    this.#names.add(name)
    await this.#bucket.put(name, run)
    return name
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const object = await this.#bucket.get(name, { range: { offset, length } })
    if (object === null) throw new Error('A file of the run is missing')
    return new Uint8Array(await bytesOf(object))
  }

  /** Deletes runs, but for those of an earlier message: if this one does not come to its end, another one needs them. */
  async remove(names: readonly string[]): Promise<void> {
    const own = names.filter((name) => this.#names.delete(name))
    if (own.length > 0) await this.#bucket.delete(own)
  }

  /** Deletes everything that was written here. */
  async clear(): Promise<void> {
    if (this.#names.size > 0) await this.remove([...this.#names])
  }
}
