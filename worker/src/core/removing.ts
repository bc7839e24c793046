import type { RunCounts } from './counts.ts'
import type { KnownContacts } from './known.ts'
import type { Directory, PlanningRules, PlanSink, StoredContact } from './plan-contract.ts'
import type { RekeyedPeople } from './rekeying.ts'
import type { Holder } from './shared-numbers.ts'
import { statusOf } from './sms.ts'
import type { Tallying } from './tallying.ts'
import type { UnidentifiedRows } from './unidentified-rows.ts'

/** How many contacts one query asks for. */
const AT_ONCE = 1000
/** The most contacts that the warning about missing contacts names. */
const MOST_EXAMPLES = 5

/** The known contacts that a file does not have. Complete once the file has been read to its end. */
export class Missing {
  readonly #known: KnownContacts
  readonly #directory: Directory
  readonly #unidentified: UnidentifiedRows
  readonly #rekeyed: RekeyedPeople | null

  /** `rekeyed`: the contacts that are not missing, because their people come under new IDs. */
  constructor(
    known: KnownContacts,
    directory: Directory,
    unidentified: UnidentifiedRows,
    rekeyed: RekeyedPeople | null,
  ) {
    this.#known = known
    this.#directory = directory
    this.#unidentified = unidentified
    this.#rekeyed = rekeyed
  }

  /** Says whether a missing contact stays because one of the rows without a readable or known ID may belong to it. */
  stays({ id, details }: StoredContact): boolean {
    return this.#unidentified.mayBe(details) || this.#isProtected(id)
  }

  /** Returns the holders of numbers that are missing contacts of the directory and stay. */
  async staying(holders: readonly Holder[]): Promise<ReadonlySet<Holder>> {
    const staying = new Set<Holder>()
    if (this.#unidentified.isEmpty) return staying
    const missing = holders.filter(({ id, owner }) => owner !== 'other' && !this.#isInFile(id))
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      const some = missing.slice(at, at + AT_ONCE)
      const stored = await this.#directory.byIds([...new Set(some.map(({ id }) => id))])
      const kept = stored.filter((contact) => !contact.removed && this.stays(contact))
      for (const holder of some) if (kept.some((contact) => isHolder(contact, holder))) staying.add(holder)
    }
    return staying
  }

  /** Yields the IDs of the source's missing contacts. */
  async *ids(): AsyncGenerator<string> {
    for (const keys of this.#keys()) for (const { id } of await this.#directory.byKeys(keys)) yield id
  }

  /** Yields the source's missing contacts, in batches. */
  async *contacts(): AsyncGenerator<StoredContact[]> {
    for (const keys of this.#keys()) yield await this.#directory.byKeys(keys)
  }

  /** Yields the manual contacts that are missing. */
  async *manualContacts(): AsyncGenerator<StoredContact> {
    for await (const contact of this.#directory.manualContacts()) {
      if (!this.#isInFile(contact.id) && this.#rekeyed?.has(contact.key) !== true) yield contact
    }
  }

  /** Yields all missing contacts, manual ones included, that no row without a readable or known ID may belong to. */
  async *people(): AsyncGenerator<StoredContact> {
    for await (const contacts of this.contacts()) for (const one of contacts) if (!this.stays(one)) yield one
    for await (const contact of this.manualContacts()) if (!this.stays(contact)) yield contact
  }

  #isProtected(id: string): boolean {
    if (this.#unidentified.isEmpty) return false
    const slot = this.#known.find(id)
    return slot !== -1 && this.#known.isProtected(slot)
  }

  #isInFile(id: string): boolean {
    const slot = this.#known.find(id)
    return slot !== -1 && this.#known.seen(slot) && !this.#known.left(slot)
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

/** The objects that removing contacts works with. */
interface Removing {
  known: KnownContacts
  rules: Pick<PlanningRules, 'covers'>
  sink: PlanSink
  counts: RunCounts
  tallying: Tallying
  /** Returns the rule that left out a row of the contact with this ID, in words; null if none did. */
  ruleOf(id: string): string | null
}

/** How many manual contacts a plan removes, and which missing contacts stay. */
interface Removed {
  manual: number
  kept: KeptContacts
}

/** Missing contacts that stay: how many, and the lowest of their IDs. */
export interface KeptContacts {
  count: number
  ids: string[]
}

/** Plans the removal of the missing contacts that do not stay. */
export async function removeMissing(missing: Missing, removing: Removing): Promise<Removed> {
  const { known, rules, sink } = removing
  const kept: KeptContacts = { count: 0, ids: [] }
  let manual = 0
  for await (const contacts of missing.contacts()) {
    for (const contact of contacts) {
      if (missing.stays(contact)) keep(contact, kept)
      else {
        remove(contact, removing)
        known.setKey(known.find(contact.id), 0)
      }
    }
    await sink.flush()
  }
  if (rules.covers === 'own') return { manual, kept }
  for await (const contact of missing.manualContacts()) {
    if (missing.stays(contact)) keep(contact, kept)
    else {
      manual++
      remove(contact, removing)
    }
    if ((manual + kept.count) % AT_ONCE === 0) await sink.flush()
  }
  await sink.flush()
  return { manual, kept }
}

function isHolder({ id, manual }: StoredContact, holder: Holder): boolean {
  return id === holder.id && manual === (holder.owner === 'hand')
}

function keep({ id }: StoredContact, kept: KeptContacts): void {
  kept.count++
  kept.ids.push(id)
  kept.ids.sort()
  kept.ids.length = Math.min(kept.ids.length, MOST_EXAMPLES)
}

function remove({ key, id, details, manual, sms }: StoredContact, { sink, counts, tallying, ruleOf }: Removing): void {
  const owner = manual ? { owner: 'hand' as const } : {}
  counts.removed++
  tallying.meaning.reached({ details, isOut: statusOf(sms) === 'opted_out' }, null)
  tallying.removed({ key, id, details, rule: manual ? null : ruleOf(id) })
  sink.change('removals', { op: 'remove', key, id, ...owner, before: details, after: null, rows: [] })
}
