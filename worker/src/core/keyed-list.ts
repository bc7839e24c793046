/** From so many entries on, an index costs less than looking through the list. */
const MANY = 8

/**
 * A list whose entries are found by a key, in the order in which they were added. Nearly every contact has a few numbers
 * and a few values, so a short list has no index. A long one gets an index, so that the work follows its length.
 */
export class KeyedList<T> {
  readonly all: T[] = []
  readonly #keys: string[] = []
  #index: Map<string, T> | null = null

  /** Returns the entry that was added under the key. */
  get(key: string): T | undefined {
    if (this.#index !== null) return this.#index.get(key)
    const at = this.#keys.indexOf(key)
    return at === -1 ? undefined : this.all[at]
  }

  /** Adds an entry under a key that `get` did not find. */
  add(key: string, entry: T): void {
    this.all.push(entry)
    this.#keys.push(key)
    if (this.#index !== null) this.#index.set(key, entry)
    else if (this.all.length === MANY) {
      this.#index = new Map()
      for (const [i, one] of this.all.entries()) this.#index.set(this.#keys[i] ?? '', one)
    }
  }
}
