/**
 * How new groups are spelt: the commonest spelling in the file, the lowest of those that are equally common
 * (invariant 4: never the first that happens to come).
 */
export class Spellings {
  readonly #counts = new Map<string, Map<string, number>>()

  add(key: string, spelling: string): void {
    let counts = this.#counts.get(key)
    if (counts === undefined) {
      counts = new Map()
      this.#counts.set(key, counts)
    }
    counts.set(spelling, (counts.get(spelling) ?? 0) + 1)
  }

  /** The spelling of every group key that `isKnown` does not know. */
  chosen(isKnown: (key: string) => boolean): Record<string, string> {
    const chosen: Record<string, string> = {}
    for (const key of [...this.#counts.keys()].sort()) {
      if (isKnown(key)) continue
      const spellings = [...(this.#counts.get(key) ?? [])]
      spellings.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      chosen[key] = spellings[0]?.[0] ?? key
    }
    return chosen
  }
}
