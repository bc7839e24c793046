import type { ContactDetails } from '../contact.ts'
import type { Directory, StoredContact } from '../plan-contract.ts'
import {
  keepsNothing,
  nameKey,
  PERSON_KINDS,
  type PersonChange,
  type PersonKind,
  type PersonValues,
} from '../same-person.ts'
import { without } from './difference.ts'
import { type Example, Examples, type Finding, MOST_EXAMPLES, type SavedExamples, shown } from './examples.ts'
import { digestOf, Kept } from './kept-values.ts'
import type { PlannedRemoval, PlannedUpdate } from './tally.ts'

const MOST_VALUES = 100_000
/** A value that more contacts lose or get at once is that of a household or a department, not of one person. */
const MOST_HOLDERS = 3

/** What a plan does to who the known contacts are. */
export interface Identities {
  /** The contacts that become somebody else, or get a value that another contact loses. */
  found: Finding
  /** How many of them have nothing in common with who they were. */
  others: number
  /** How many get a value of each kind. */
  passed: Readonly<Record<PersonKind, number>>
  /** Manual contacts that the source adopts, and those of them that become somebody else. */
  adopted: { count: number; others: Finding }
  /** Whether every value was compared. */
  complete: boolean
}

/** A value that contacts lose or get. */
interface Passing {
  kind: PersonKind
  /** The lowest key of the contacts that lose it; 0 if no contact loses it. */
  lostBy: number
  losses: number
  /** The first contacts that get it. */
  gainedBy: Gaining[]
  gains: number
}

interface Gaining {
  key: number
  rank: number
  /** Whether the contact becomes somebody else anyway. */
  other: boolean
}

/** A contact that gets values of others: one of them, its digest, and the key of a contact that loses it. */
interface Getting extends Gaining {
  value: number
  from: number
  kinds: Set<PersonKind>
}

/** What another message needs to go on. */
export interface SavedIdentities {
  others: SavedExamples
  adoptedOthers: SavedExamples
  adopted: number
  step: number
  values: ReadonlyMap<number, Passing>
}

/**
 * Finds contacts whose IDs would name other people: they keep no name, number or e-mail address, or get one that another
 * known contact loses. A value is kept as its digest, and its text is read from the directory where an example needs it.
 */
export class IdentityChanges {
  readonly #others: Examples
  readonly #adoptedOthers: Examples
  #adopted: number
  readonly #kept: Kept
  readonly #values: Map<number, Passing>

  /** `saved`: what an earlier message found. */
  constructor(saved?: SavedIdentities) {
    this.#others = new Examples(saved?.others)
    this.#adoptedOthers = new Examples(saved?.adoptedOthers)
    this.#adopted = saved?.adopted ?? 0
    this.#kept = new Kept(MOST_VALUES, saved?.step)
    this.#values = new Map(saved?.values)
  }

  /** Returns what another message needs to go on. */
  save(): SavedIdentities {
    return {
      others: this.#others.save(),
      adoptedOthers: this.#adoptedOthers.save(),
      adopted: this.#adopted,
      step: this.#kept.step,
      values: this.#values,
    }
  }

  /** Receives an update. `change` is null if it changes nothing that the contact is recognised by. */
  updated({ id, key, rank, before, after, adopted }: PlannedUpdate, change: PersonChange | null): void {
    if (adopted) this.#adopted++
    if (change === null) return
    const { was, becomes } = change
    const other = keepsNothing(change)
    if (other) {
      const example = (): Example => ({ id, name: before.name, before: textOf(before), after: textOf(after) })
      this.#others.add(rank, example)
      if (adopted) this.#adoptedOthers.add(rank, example)
    }
    for (const kind of PERSON_KINDS) {
      for (const value of without(was[kind], becomes[kind])) this.#lose(kind, value, key)
      for (const value of without(becomes[kind], was[kind])) this.#gain(kind, value, { key, rank, other })
    }
  }

  removed({ key }: PlannedRemoval, values: PersonValues): void {
    for (const kind of PERSON_KINDS) for (const value of values[kind]) this.#lose(kind, value, key)
  }

  /** Compares what contacts lose and get; asks the directory only for the contacts of the examples. */
  async finish(directory: Pick<Directory, 'byKeys'>): Promise<Identities> {
    const passed = { names: 0, numbers: 0, emails: 0 }
    const getting = new Map<number, Getting>()
    for (const [value, { kind, lostBy, losses, gainedBy, gains }] of this.#values) {
      if (losses === 0 || losses > MOST_HOLDERS || gains > MOST_HOLDERS) continue
      for (const gaining of gainedBy) {
        const known = getting.get(gaining.key)
        if (known === undefined) getting.set(gaining.key, { ...gaining, value, from: lostBy, kinds: new Set([kind]) })
        else known.kinds.add(kind)
      }
    }
    for (const { kinds } of getting.values()) for (const kind of kinds) passed[kind]++
    const others = this.#others.count
    let found: Finding = this.#others
    const more = [...getting.values()].filter(({ other }) => !other)
    if (more.length > 0) {
      const some = more.sort((one, another) => one.rank - another.rank).slice(0, MOST_EXAMPLES)
      const examples = [...(await examplesOf(some, directory)), ...this.#others.examples].slice(0, MOST_EXAMPLES)
      found = { count: others + more.length, examples }
    }
    const adopted = { count: this.#adopted, others: this.#adoptedOthers }
    return { found, others, passed, adopted, complete: this.#kept.all }
  }

  #lose(kind: PersonKind, value: string, key: number): void {
    const passing = this.#of(kind, value)
    if (passing === null) return
    passing.losses++
    if (passing.lostBy === 0 || key < passing.lostBy) passing.lostBy = key
  }

  #gain(kind: PersonKind, value: string, by: Gaining): void {
    const passing = this.#of(kind, value)
    if (passing === null) return
    if (++passing.gains <= MOST_HOLDERS) passing.gainedBy.push(by)
  }

  #of(kind: PersonKind, value: string): Passing | null {
    const digest = digestOf(kind, value)
    const known = this.#values.get(digest)
    if (known !== undefined) return known
    if (!this.#kept.keeps(digest)) return null
    const made: Passing = { kind, lostBy: 0, losses: 0, gainedBy: [], gains: 0 }
    this.#values.set(digest, made)
    this.#kept.thin(this.#values, (one) => one)
    return this.#kept.keeps(digest) ? made : null
  }
}

function textOf({ name, numbers, emails }: ContactDetails): string | null {
  return shown([name, ...numbers.map(({ number }) => number), ...emails])
}

async function examplesOf(some: readonly Getting[], directory: Pick<Directory, 'byKeys'>): Promise<Example[]> {
  const keys = new Set(some.flatMap(({ key, from }) => [key, from]))
  const contacts = new Map((await directory.byKeys([...keys])).map((contact) => [contact.key, contact]))
  return some.flatMap(({ key, from, value }) => {
    const contact = contacts.get(key)
    const loser = contacts.get(from)
    if (contact === undefined || loser === undefined) return []
    const found = writtenValue(loser, value)
    if (found === null) return []
    const before = shown(writtenValues(contact.details)[found.kind])
    return [{ id: contact.id, name: contact.details.name, before, after: found.text }]
  })
}

/** Returns the value with the digest as the contact has it. */
function writtenValue({ details }: StoredContact, digest: number): { kind: PersonKind; text: string } | null {
  const written = writtenValues(details)
  for (const kind of PERSON_KINDS) {
    const text = written[kind].find((one) => digestOf(kind, compared(kind, one)) === digest)
    if (text !== undefined) return { kind, text }
  }
  return null
}

function writtenValues({ name, numbers, emails }: ContactDetails): PersonValues {
  return { names: [name], numbers: numbers.map(({ number }) => number), emails }
}

function compared(kind: PersonKind, value: string): string {
  return kind === 'names' ? nameKey(value) : value.toLowerCase()
}
