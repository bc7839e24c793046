import { Examples, rankOf } from './examples.ts'
import { contactsOf, count, exceeds, limit } from './limit.ts'

/** Counts the contacts who opted out and would become opted in. */
export class Resubscriptions {
  readonly all = new Examples()
  /** Those whose opt-out was made in Muster. */
  readonly here = new Examples()

  /** Whether one of them was removed and returns. */
  returning = false

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
      const message = `${contactsOf(here.count)} who opted out here would become opted in. Did they ask for that? Ask before you send them texts.`
      return [{ message, count: all.count, of: optedOut, examples: here.examples, ...parts }]
    }
    if (!exceeds(all.count, optedOut, setting)) return []
    const message = `${contactsOf(all.count)} of ${count(optedOut)} who opted out would become opted in. Has the meaning of the opt-out column changed? Check its values in the source’s settings.`
    return [{ message, count: all.count, of: optedOut, examples: all.examples, ...parts }]
  },
})
