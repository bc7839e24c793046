import { Failure } from './failure.ts'
import { KeyedList } from './keyed-list.ts'
import { ownText } from './values/memoized.ts'

/** The most groups that a file may name. An organisation has fewer; a column of notes has as many as the file has rows. */
const MOST_GROUPS = 50_000
/** With more spellings than this, none of them is common, and only the lowest is kept. */
const MOST_SPELLINGS = 100

/** The groups of a file so far, for another message. */
export type SavedSpellings = readonly {
  key: string
  lowest: string
  counts: readonly { spelling: string; count: number }[] | null
}[]

interface Spelt {
  lowest: string
  /** How often each spelling occurs; null once there are too many to count. */
  counts: KeyedList<{ spelling: string; count: number }> | null
}

/**
 * Chooses the spelling of new groups: the commonest spelling in the file, and the lowest of several that are equally
 * common (invariant 4: never the first that happens to come). Of more than a hundred spellings it chooses the lowest.
 */
export class Spellings {
  readonly #groups = new Map<string, Spelt>()

  /** `saved`: what an earlier message counted. */
  constructor(saved: SavedSpellings = []) {
    for (const { key, lowest, counts } of saved) {
      const spelt: Spelt = { lowest, counts: counts === null ? null : new KeyedList() }
      for (const one of counts ?? []) spelt.counts?.add(one.spelling, { ...one })
      this.#groups.set(key, spelt)
    }
  }

  /** Returns what another message needs to go on. */
  save(): SavedSpellings {
    return [...this.#groups].map(([key, { lowest, counts }]) => ({ key, lowest, counts: counts?.all ?? null }))
  }

  /** Counts a spelling of the group. Throws `Failure` `too_large` if the file names too many groups. */
  add(key: string, spelling: string): void {
    const spelt = this.#groups.get(key) ?? this.#begin(key, spelling)
    const counted = spelt.counts?.get(spelling)
    if (counted !== undefined) {
      counted.count++
      return
    }
    if (spelling < spelt.lowest) spelt.lowest = ownText(spelling)
    if (spelt.counts === null) return
    if (spelt.counts.all.length === MOST_SPELLINGS) spelt.counts = null
    else {
      const own = ownText(spelling)
      spelt.counts.add(own, { spelling: own, count: 1 })
    }
  }

  /** Returns the spelling of every group, by group key, in the order of the keys. */
  chosen(): Map<string, string> {
    const chosen = [...this.#groups].map(([key, spelt]): [string, string] => [key, commonest(spelt)])
    return new Map(chosen.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #begin(key: string, spelling: string): Spelt {
    if (this.#groups.size === MOST_GROUPS) throw tooManyGroups()
    const spelt: Spelt = { lowest: ownText(spelling), counts: new KeyedList() }
    this.#groups.set(ownText(key), spelt)
    return spelt
  }
}

function commonest({ lowest, counts }: Spelt): string {
  if (counts === null) return lowest
  const [first] = counts.all.toSorted((a, b) => b.count - a.count || (a.spelling < b.spelling ? -1 : 1))
  return first?.spelling ?? lowest
}

function tooManyGroups(): Failure {
  return new Failure(
    'too_large',
    `The file names more than ${MOST_GROUPS.toLocaleString('en')} groups.`,
    'Check which column is mapped to the groups: it may hold notes or addresses, which differ from row to row.',
  )
}
