import { noCounts, type RunCounts } from '../../core/counts.ts'
import { type Facts, groupKey, type ModelContact, type ModelDirectory, type Owner, same } from './directory.ts'
import { emailOf, idOf, numberOf, type RollFile, type RollPerson } from './roll.ts'

/** One change of a plan. `contact` is null until a new contact is created. */
export interface ModelChange {
  op: 'add' | 'update' | 'rekey' | 'remove'
  /** The contact's ID after the change. */
  id: string
  contact: ModelContact | null
  before: Facts | null
  after: Facts | null
  /** The owner of the contact before and after. If the contact does not exist then, its former or future owner. */
  from: Owner
  to: Owner
  /** Only of a new ID: the one before, and what happens if a person does not move the contact to the new one. */
  rekey?: { from: string; otherwise: { after: Facts; removes: boolean } | null }
}

export interface ModelPlan {
  changes: ModelChange[]
  counts: RunCounts
  groups: ReadonlyMap<string, string>
  /** The contacts of the source before the plan, for the limits. */
  contacts: ModelContact[]
  people: readonly RollPerson[]
}

/** The facts about a source that planning needs. */
export interface PlannedFor {
  id: string
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  /** The optional columns of the last file that was applied. */
  columns: readonly string[]
  /** The limit on people that come under new IDs; null if they are not recognised. */
  rekeyed: { percent: number; atLeast: number } | null
}

/** Returns the changes that an import of the file would make to the current directory. */
export function planOf(directory: ModelDirectory, source: PlannedFor, roll: RollFile): ModelPlan {
  const { people, without } = roll
  const counts = { ...noCounts(), matched: people.length }
  const changes: ModelChange[] = []
  const spellings: string[] = []
  const gone: readonly string[] = without
  if (source.columns.some((column) => gone.includes(column))) counts.warnings++
  const contacts = directory.owned(source.id)
  let valid = 0
  for (const person of people) {
    counts.rows += Math.max(1, person.numbers.length)
    if (person.email === 'bad' && !gone.includes('Email Address')) counts.warnings += Math.max(1, person.numbers.length)
    if (person.numbers.length === 0) {
      counts.errors++
      counts.contactsWithErrors++
      continue
    }
    valid++
    for (const _ of person.numbers) spellings.push(...person.groups)
    const id = idOf(person)
    const own = directory.find(source.id, id)
    const made = directory.find('hand', id)
    const adopted = own?.live !== true && made?.live === true ? made : undefined
    const before = own?.live === true ? own : adopted
    const after = factsOf(person, gone, before?.facts ?? null)
    if (before === undefined) {
      counts.added++
      changes.push({
        op: 'add',
        id,
        contact: own ?? null,
        before: null,
        after,
        from: source.id,
        to: source.id,
      })
    } else if (adopted === undefined && same(before.facts, after)) counts.unchanged++
    else {
      counts.updated++
      const { facts, owner } = before
      changes.push({ op: 'update', id, contact: before, before: facts, after, from: owner, to: source.id })
    }
  }
  const named = new Set(people.map(idOf))
  const absent = [...contacts, ...directory.owned('hand')].filter(({ id }) => !named.has(id))
  const removes = ({ owner }: ModelContact) =>
    source.removal === 'remove' && (owner !== 'hand' || source.covers === 'directory')
  for (const [add, contact] of rekeyedIn(changes, absent, contacts.length, source.rekeyed)) {
    const person = people.find((one) => idOf(one) === add.id)
    if (person === undefined || add.after === null) continue
    const { facts: before, owner, id } = contact
    const rekey = { from: id, otherwise: { after: add.after, removes: removes(contact) } }
    const after = factsOf(person, gone, before)
    changes.splice(changes.indexOf(add), 1, { ...add, op: 'rekey', contact, before, after, from: owner, rekey })
    counts.added--
    counts.updated++
  }
  const moved = changes.flatMap(({ op, contact }) => (op === 'rekey' ? [contact] : []))
  const missing = absent.filter((contact) => removes(contact) && !moved.includes(contact))
  if (source.removal === 'remove' && valid > 0) {
    for (const contact of missing) {
      counts.removed++
      const { id, facts, owner } = contact
      changes.push({ op: 'remove', id, contact, before: facts, after: null, from: owner, to: owner })
    }
  }
  counts.warnings += sharing(directory, changes, people, gone)
  return { changes, counts, groups: spelt(spellings), contacts, people }
}

/** Returns the adds of people that come under new IDs with their contacts, if they are over the limit. */
function rekeyedIn(
  changes: readonly ModelChange[],
  absent: readonly ModelContact[],
  of: number,
  limit: PlannedFor['rekeyed'],
): [ModelChange, ModelContact][] {
  const adds = changes.filter(({ op, contact }) => op === 'add' && contact === null)
  const values = (facts: Facts | null) => (facts === null ? [] : [...facts.numbers, ...facts.emails])
  const isRare = (value: string) =>
    adds.filter(({ after }) => values(after).includes(value)).length <= 5 &&
    absent.filter(({ facts }) => values(facts).includes(value)).length <= 5
  const common = ({ after }: ModelChange, { facts }: ModelContact) =>
    after?.name === facts.name ? values(after).filter((one) => values(facts).includes(one) && isRare(one)).length : 0
  /** The one with the most in common, unless several have as much. */
  const nearest = <T>(all: readonly T[], count: (one: T) => number): T | null => {
    const most = Math.max(0, ...all.map(count))
    const best = all.filter((one) => count(one) === most)
    return most > 0 && best.length === 1 ? (best[0] ?? null) : null
  }
  const found = adds.flatMap((add): [ModelChange, ModelContact][] => {
    const contact = nearest(absent, (one) => common(add, one))
    if (contact === null || nearest(adds, (one) => common(one, contact)) !== add) return []
    return [[add, contact]]
  })
  const count = found.length
  return limit !== null && count >= limit.atLeast && count * 100 > of * limit.percent ? found : []
}

/** Returns how many rows are warned that another ID has their number too, once the plan has been applied. */
function sharing(
  directory: ModelDirectory,
  changes: readonly ModelChange[],
  people: readonly RollPerson[],
  gone: readonly string[],
): number {
  const changed = changes.flatMap(({ contact }) => (contact === null ? [] : [contact]))
  const holders = [
    ...directory.live().filter((contact) => !changed.includes(contact)),
    ...changes.flatMap(({ id, after }) => (after === null ? [] : [{ id, facts: after }])),
  ]
  let rows = 0
  for (const { op, id, after } of changes) {
    const person = people.find((one) => idOf(one) === id)
    if (op === 'remove' || person === undefined || after === null) continue
    // These rows have a warning already.
    if (person.email === 'bad' && !gone.includes('Email Address')) continue
    rows += after.numbers.filter((number) =>
      holders.some((holder) => holder.id !== id && holder.facts.numbers.includes(number)),
    ).length
  }
  return rows
}

/**
 * Returns the attributes of a person after an import. A blank cell clears an attribute. A missing column and an
 * unreadable cell leave it as it is.
 */
function factsOf(person: RollPerson, gone: readonly string[], before: Facts | null): Facts {
  const keepsEmail = gone.includes('Email Address') || person.email === 'bad'
  return {
    name: person.name,
    title: gone.includes('Title') ? (before?.title ?? null) : person.title === '' ? null : person.title,
    emails: keepsEmail ? (before?.emails ?? []) : person.email === '' ? [] : [emailOf(person.email)],
    numbers: person.numbers.map((which) => `+1${numberOf(person.id, which)}`),
    groups: [...new Set(person.groups.map(groupKey))].sort(),
  }
}

/** Returns the commonest spelling of each group; of equally common ones, the lowest. */
function spelt(spellings: readonly string[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const [key, all] of Map.groupBy(spellings, groupKey)) {
    const count = (spelling: string) => all.filter((one) => one === spelling).length
    const [best = key] = [...new Set(all)].sort((a, b) => count(b) - count(a) || (a < b ? -1 : 1))
    names.set(key, best)
  }
  return names
}
