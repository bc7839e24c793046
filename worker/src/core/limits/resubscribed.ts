import { Examples, rankOf, type SavedExamples } from './examples.ts'
import { exceeds, limit, peopleOf } from './limit.ts'

/** What another message needs to go on counting. */
export interface SavedResubscriptions {
  all: SavedExamples
  here: SavedExamples
  returning: boolean
}

/** Counts the contacts who opted out and would become opted in. */
export class Resubscriptions {
  readonly all: Examples
  /** Those whose opt-out was made in Muster. */
  readonly here: Examples
  /** Whether one of them was removed and returns. */
  returning: boolean

  /** `saved`: what an earlier message found. */
  constructor(saved?: SavedResubscriptions) {
    this.all = new Examples(saved?.all)
    this.here = new Examples(saved?.here)
    this.returning = saved?.returning ?? false
  }

  /** Returns what another message needs to go on. */
  save(): SavedResubscriptions {
    return { all: this.all.save(), here: this.here.save(), returning: this.returning }
  }

  add({ id, name, madeHere, returns }: { id: string; name: string; madeHere: boolean; returns: boolean }): void {
    const rank = rankOf(id)
    const example = () => ({ id, name, before: 'opted out', after: 'opted in' })
    this.all.add(rank, example)
    if (madeHere) this.here.add(rank, example)
    if (returns) this.returning = true
  }
}

export const RESUBSCRIBED_LIMIT = limit({
  label: 'Opted-out contacts would become opted in',
  unit: 'contacts',
  parts: ['update'],
  default: { percent: 1, atLeast: 6 },
  judge({ resubscribed: { all, here, returning }, optedOut }, setting) {
    const parts = returning ? { parts: ['add', 'update'] as const } : {}
    if (here.count > 0) {
      const message = `${peopleOf(here.count)} who opted out here would be texted again. Did they ask for it?`
      return [{ message, count: all.count, of: optedOut, examples: here.examples, ...parts }]
    }
    if (!exceeds(all.count, optedOut, setting)) return []
    const message = `${peopleOf(all.count)} who opted out would be texted again. Did they ask for it?`
    return [{ message, count: all.count, of: optedOut, examples: all.examples, ...parts }]
  },
})
