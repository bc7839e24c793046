import type { ContactDetails } from '../contact.ts'
import type { Doubt } from '../file-end.ts'
import type { Limits } from '../limits.ts'
import type { RuleRemovals } from '../row-rules.ts'
import { type Finding, groupKeysIn, withGroupNames } from './examples.ts'
import type { GroupChange, LosingGroup } from './groups.ts'
import type { Identities } from './identity.ts'
import { lowest } from './limit.ts'
import type { NumberGains } from './same-number.ts'
import type { BlankedAttribute, ChangedValues, Channel } from './values.ts'

/** An update of a contact, as the limits look at it. */
export interface PlannedUpdate {
  key: number
  id: string
  /** The rank of the ID; see `rankOf`. */
  rank: number
  before: ContactDetails
  after: ContactDetails
  changed: readonly (keyof ContactDetails)[]
  /** Whether the source adopts a manual contact. */
  adopted: boolean
}

/** A removal of a contact, as the limits look at it. */
export interface PlannedRemoval {
  key: number
  id: string
  rank: number
  details: ContactDetails
  /** The rule for rows that left out a row of the contact, in words; null if the file has no row of it. */
  rule: string | null
}

/** The effects of a plan, counted while it is made, with what the directory says about them. */
export interface Tally {
  /** Whether the source has never had a run applied. */
  first: boolean
  /** Whether the source gives records, such as the contacts of a CRM, and no file. */
  records: boolean
  /** The source's contacts before the plan. */
  contacts: number
  /** Changes of any kind. */
  changes: number
  removed: Finding
  /** How many contacts in `removed` are in the file, and left out by a rule; the rule that removes most comes first. */
  removedByRules: readonly RuleRemovals[]
  /** How many contacts in `removed` are manual. */
  removedManual: number
  /** Contacts of the source that were removed without approval within the days of the limit, and are not back. */
  removedBefore: number
  added: Finding
  /** The people that come under new IDs. They are neither added nor removed. */
  rekeyed: Finding
  changed: ChangedValues
  unreachable: Readonly<Record<Channel, Finding>>
  blanked: readonly BlankedAttribute[]
  groups: readonly LosingGroup[]
  identity: Identities
  garbled: Finding
  resubscribed: { all: Finding; here: Finding; returning: boolean }
  optedOut: number
  sameNumber: NumberGains
  rows: number
  rowsWithErrors: number
  /** The most frequent error of the first rows with problems: `numbers have no area code`; null if it is not known. */
  firstCause: string | null
  /** Whether the previous import was undone and no person asked for this one. */
  afterUndo: boolean
  /** Why the file may lack rows. */
  doubts: readonly Doubt[]
  /** The number of the file's last row. */
  lastRow: number
}

/** The effects of a plan as far as the passes over the file show them. */
export interface Effects
  extends Pick<
    Tally,
    | 'unreachable'
    | 'removed'
    | 'removedByRules'
    | 'removedManual'
    | 'added'
    | 'rekeyed'
    | 'identity'
    | 'garbled'
    | 'resubscribed'
    | 'sameNumber'
  > {
  changed: Finding & { most: { attribute: string; count: number } | null }
  /** By attribute, `field:KEY` for custom fields: the contacts that would lose it. */
  blanked: ReadonlyMap<string, Finding>
  /** The groups that lose contacts, by key. */
  losing: readonly GroupChange[]
}

/** What judging asks of the directory. */
export interface JudgedDirectory {
  /** Returns the groups with these keys, and how many contacts each has. */
  groups(keys: readonly string[]): Promise<{ key: string; name: string; members: number }[]>
  /** Returns the names of the groups with these keys, those that the plan makes included. */
  groupNames(keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Returns what an attribute or a custom field (`field:KEY`) is called. */
  labelOf(attribute: string): string
  /** Returns what an attribute or a custom field (`field:KEY`) is called, and how many contacts of the source have it. */
  having(attribute: string): Promise<{ label: string; of: number }>
  /** Returns how many contacts of the source have opted out. */
  optedOut(): Promise<number>
  /** Returns how many contacts were removed without approval within so many days and are not back. */
  removedWithin(days: number): Promise<number>
}

/** What a plan is, beside what was found in it. */
type Circumstances = Pick<
  Tally,
  | 'first'
  | 'records'
  | 'contacts'
  | 'changes'
  | 'rows'
  | 'rowsWithErrors'
  | 'firstCause'
  | 'afterUndo'
  | 'doubts'
  | 'lastRow'
>

/** Adds to the effects of a plan what only the directory knows. Queries it only if a limit could be exceeded. */
export async function tallyOf(
  effects: Effects,
  circumstances: Circumstances,
  limits: Limits,
  directory: JudgedDirectory,
): Promise<Tally> {
  const { losing, ...others } = effects
  const { removed, resubscribed } = effects
  const blanked = [...effects.blanked].filter(([, { count }]) => count >= lowest(limits.blanked))
  const keys = groupKeysIn([effects.changed, effects.garbled, ...blanked.map(([, finding]) => finding)])
  const names = keys.length > 0 ? await directory.groupNames(keys) : new Map<string, string>()
  return {
    ...others,
    ...circumstances,
    changed: changedValues(effects.changed, names, directory),
    garbled: withGroupNames(effects.garbled, names),
    blanked: await Promise.all(
      blanked
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(async ([attribute, finding]) => {
          const { label, of } = await directory.having(attribute)
          return { label, found: withGroupNames(finding, names), of: Math.max(of, finding.count) }
        }),
    ),
    groups: await losingGroups(losing, limits, directory),
    removedBefore:
      removed.count > 0 && limits.removed !== null ? await directory.removedWithin(limits.removed.withinDays) : 0,
    optedOut: resubscribed.all.count > 0 ? await directory.optedOut() : 0,
  }
}

function changedValues(
  { count, examples, most }: Effects['changed'],
  names: ReadonlyMap<string, string>,
  directory: JudgedDirectory,
): ChangedValues {
  const named = withGroupNames({ count, examples }, names)
  return { ...named, most: most && { label: directory.labelOf(most.attribute), count: most.count } }
}

async function losingGroups(
  losing: readonly GroupChange[],
  { emptiedGroups, shrunkGroups }: Limits,
  directory: JudgedDirectory,
): Promise<LosingGroup[]> {
  const near = losing.filter(
    ({ lost, gained }) => lost.count >= lowest(emptiedGroups) || lost.count - gained >= lowest(shrunkGroups),
  )
  if (near.length === 0) return []
  const changes = new Map(near.map((change) => [change.key, change]))
  const groups = await directory.groups([...changes.keys()])
  return groups.flatMap(({ key, name, members }) => {
    const change = changes.get(key)
    if (change === undefined) return []
    // People know a group by its name.
    const examples = change.lost.examples.map((example) => ({ ...example, before: name }))
    return [{ ...change, name, members, lost: { count: change.lost.count, examples } }]
  })
}
