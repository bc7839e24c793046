import { noCounts, type RunCounts } from '../../core/counts.ts'
import { type Facts, groupKey, type ModelContact, type ModelDirectory, type Owner, same } from './directory.ts'
import { emailOf, numberOf, type RollFile, type RollPerson } from './roll.ts'

/** One change of a plan. `contact` is null until a new contact is created. */
export interface ModelChange {
  op: 'add' | 'update' | 'remove'
  id: string
  contact: ModelContact | null
  before: Facts | null
  after: Facts | null
  /** The owner of the contact before and after. If the contact does not exist then, its former or future owner. */
  from: Owner
  to: Owner
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
    const own = directory.find(source.id, person.id)
    const made = directory.find('hand', person.id)
    const adopted = own?.live !== true && made?.live === true ? made : undefined
    const before = own?.live === true ? own : adopted
    const after = factsOf(person, gone, before?.facts ?? null)
    if (before === undefined) {
      counts.added++
      changes.push({
        op: 'add',
        id: person.id,
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
      changes.push({ op: 'update', id: person.id, contact: before, before: facts, after, from: owner, to: source.id })
    }
  }
  const named = new Set(people.map(({ id }) => id))
  const missing = [...contacts, ...(source.covers === 'directory' ? directory.owned('hand') : [])].filter(
    ({ id }) => !named.has(id),
  )
  if (source.removal === 'remove' && valid > 0) {
    for (const contact of missing) {
      counts.removed++
      const { id, facts, owner } = contact
      changes.push({ op: 'remove', id, contact, before: facts, after: null, from: owner, to: owner })
    }
  }
  return { changes, counts, groups: spelt(spellings), contacts, people }
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
