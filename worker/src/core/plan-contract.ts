import type { ContactDetails } from './contact.ts'
import type { RunCounts } from './counts.ts'
import type { Tally } from './limits.ts'
import type { Change, Section } from './plan.ts'
import type { Problem } from './problem.ts'
import type { ReadingRules } from './reading/one-contact.ts'
import type { Holder } from './shared-numbers.ts'
import type { SmsState } from './sms.ts'

/** A contact as the directory has it. */
export interface StoredContact {
  key: number
  id: string
  manual: boolean
  removed: boolean
  details: ContactDetails
  sms: SmsState
}

/** What planning asks of the directory; it only reads. */
export interface Directory {
  byKeys(keys: readonly number[]): Promise<StoredContact[]>
  /** The source's own contacts with these IDs, removed ones too, and those made by hand. */
  byIds(ids: readonly string[]): Promise<StoredContact[]>
  /** Who has these mobile numbers, in E.164, whatever the source. Of a number that many have it gives the lowest IDs. */
  byMobileNumbers(numbers: readonly string[]): Promise<Holder[]>
  /** All contacts made by hand, in the order of their keys. */
  manualContacts(): AsyncIterable<StoredContact>
}

/** A row with what is wrong with it, as the report shows it. */
export interface ReportRow {
  row: number
  cells: readonly string[]
  problems: Problem[]
}

/** Where a plan goes while it is made. */
export interface PlanSink {
  change(section: Section, change: Change): void
  report(row: ReportRow): void
  /** Waits until what was given so far has been taken. Called after every 1,000 contacts or so: others may work meanwhile. */
  flush(): Promise<void>
}

export interface PlanningRules extends ReadingRules {
  /** Whether the rows are all of the source's: then, and only then, a contact without one is missing. */
  complete: boolean
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  /** New IDs that look like a known one that is missing, which is given with each. */
  lookAlikes: ReadonlyMap<string, string>
  /** Headers of optional columns that were there last time and are gone. */
  goneColumns: readonly string[]
  /** When the fetch of the file began, in milliseconds since 1970. */
  fetchedAt: number
  /** False where the directory cannot hold a contact that `known` does not: nothing made by hand, nothing removed. */
  lookUpNew: boolean
  /** False where the directory holds nobody, so that nobody there can have the number of a new contact. */
  lookUpNumbers: boolean
}

/** What a finished pass found. */
export interface Planned {
  counts: RunCounts
  newGroups: Record<string, string>
  /** Contacts the source had before. */
  contacts: number
  removedManual: number
  counted: Tally['counted']
  /** By attribute, `field:KEY` for custom fields: how many contacts would lose it. */
  blanked: Map<string, number>
  /** By group key: how many contacts leave it; groups that also gain one are left out. */
  losing: Map<string, number>
  /** How many of the added contacts are to be numbered. */
  newContacts: number
  /** Contacts that had opted out and would become opted in. */
  resubscribed: number
  /** Of `counts.updated`, contacts of which only the opt-out is new: it is taken over whatever becomes of the plan. */
  optOuts: number
}

/** A pass that has to be made again: with `known` told which rows are scattered, and with what it found out. */
export interface Again {
  again: true
  found: Pick<PlanningRules, 'lookAlikes' | 'shared'>
}
