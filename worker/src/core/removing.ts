import type { RunCounts } from './counts.ts'
import type { KnownContacts } from './known.ts'
import type { Directory, PlanningRules, PlanSink, StoredContact } from './plan-contract.ts'
import type { Tallying } from './tallying.ts'

/** How many contacts are asked for at once. */
const AT_ONCE = 1000

/** The known contacts that a file does not have, once it has been read to its end. */
export class Missing {
  readonly #known: KnownContacts
  readonly #directory: Directory

  constructor(known: KnownContacts, directory: Directory) {
    this.#known = known
    this.#directory = directory
  }

  async *ids(): AsyncGenerator<string> {
    for (const keys of this.#keys()) for (const { id } of await this.#directory.byKeys(keys)) yield id
  }

  /** The source's own, some at a time. */
  async *contacts(): AsyncGenerator<StoredContact[]> {
    for (const keys of this.#keys()) yield await this.#directory.byKeys(keys)
  }

  /** Those made by hand. */
  async *madeByHand(): AsyncGenerator<StoredContact> {
    for await (const contact of this.#directory.madeByHand()) {
      const slot = this.#known.find(contact.id)
      if (slot === -1 || !this.#known.seen(slot)) yield contact
    }
  }

  *#keys(): Generator<number[]> {
    let keys: number[] = []
    for (let slot = 0; slot < this.#known.size; slot++) {
      if (this.#known.key(slot) <= 0 || this.#known.seen(slot)) continue
      keys.push(this.#known.key(slot))
      if (keys.length === AT_ONCE) {
        yield keys
        keys = []
      }
    }
    if (keys.length > 0) yield keys
  }
}

/** What removing contacts touches. */
interface Removing {
  known: KnownContacts
  rules: Pick<PlanningRules, 'covers'>
  sink: PlanSink
  counts: RunCounts
  tallying: Tallying
}

/** Plans the removal of all who are missing. Gives how many of them were made by hand. */
export async function removeMissing(missing: Missing, removing: Removing): Promise<number> {
  const { known, rules, sink } = removing
  for await (const contacts of missing.contacts()) {
    for (const contact of contacts) {
      remove(contact, removing)
      known.setKey(known.find(contact.id), 0)
    }
    await sink.flush()
  }
  let madeByHand = 0
  if (rules.covers === 'own') return madeByHand
  for await (const contact of missing.madeByHand()) {
    madeByHand++
    remove(contact, removing)
    await sink.flush()
  }
  return madeByHand
}

function remove({ key, id, details, madeByHand }: StoredContact, { sink, counts, tallying }: Removing): void {
  const owner = madeByHand ? { owner: 'hand' as const } : {}
  counts.removed++
  tallying.removed(details)
  sink.change('removals', { op: 'remove', key, id, ...owner, before: details, after: null, rows: [] })
}
