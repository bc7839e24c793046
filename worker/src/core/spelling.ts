import { ownText } from './values/memoized.ts'

/**
 * Chooses the spelling of new groups: the commonest spelling in the file, and the lowest of several that are equally
 * common (invariant 4: never the first that happens to come).
 */
export class Spellings {
  /** The spellings by key. Nearly every group has one spelling, so each key has a list. */
  readonly #counts = new Map<string, { spelling: string; count: number }[]>()

  add(key: string, spelling: string): void {
    const counts = this.#counts.get(key)
    const counted = counts?.find((one) => one.spelling === spelling)
    if (counted !== undefined) counted.count++
    else {
      const first = { spelling: ownText(spelling), count: 1 }
      if (counts === undefined) this.#counts.set(ownText(key), [first])
      else counts.push(first)
    }
  }

  /** Returns the spelling of every group key that `isKnown` does not know. */
  chosen(isKnown: (key: string) => boolean): Record<string, string> {
    const chosen: Record<string, string> = {}
    for (const key of [...this.#counts.keys()].sort()) {
      if (isKnown(key)) continue
      const [commonest] = (this.#counts.get(key) ?? []).toSorted(
        (a, b) => b.count - a.count || (a.spelling < b.spelling ? -1 : 1),
      )
      chosen[key] = commonest?.spelling ?? key
    }
    return chosen
  }
}
