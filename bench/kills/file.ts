import { csvOf } from '../../worker/src/testing/roster.ts'
import type { Random } from '../catalogue/random.ts'

/** The file that a system imports again and again, each time another one. */
export class ChangingFile {
  readonly #random: Random
  readonly #ids: string[]
  /** The titles of the contacts that the file has, by ID, and those of the file before. */
  #titles = new Map<string, string>()
  #before = new Map<string, string>()

  constructor(random: Random, contacts: number) {
    this.#random = random
    this.#ids = Array.from({ length: contacts }, (_, i) => `k${i}`)
  }

  /** Makes the next file, with other titles and other contacts missing, and returns it. */
  next(): { body: string; etag: string } {
    const random = this.#random
    const title = () => `Title ${random.below(1000)}`
    this.#before = this.#titles
    const present = this.#ids.filter(() => random.chance(0.95))
    this.#titles = new Map(present.map((id) => [id, random.chance(0.3) ? title() : (this.#before.get(id) ?? title())]))
    const body = csvOf([...this.#titles].map(([ID, Title]) => ({ ID, Title })))
    return { body, etag: `"${random.next()}"` }
  }

  /** Goes back to the file before, since the import of this one is undone. */
  undo(): void {
    ;[this.#titles, this.#before] = [this.#before, this.#titles]
  }

  /** Returns how a directory differs from the file; null if it has what the file has. */
  difference(contacts: readonly { id: string; title: string | null }[]): string | null {
    const wrong = contacts.filter(({ id, title }) => this.#titles.get(id) !== title).map(({ id }) => id)
    if (wrong.length === 0 && contacts.length === this.#titles.size) return null
    return `${contacts.length} contacts and ${this.#titles.size} in the file; not as there: ${wrong.slice(0, 3)}`
  }
}
