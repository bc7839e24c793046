import type { ContactDetails } from './contact.ts'
import type { RunCounts } from './counts.ts'
import type { ErasedPeople } from './erased.ts'
import type { FileDetails } from './file-details.ts'
import type { Doubt, FileEnd } from './file-end.ts'
import type { Effects } from './limits/tally.ts'
import type { MovedGroup, PlannedMeaning } from './meaning.ts'
import type { Change, Section } from './plan.ts'
import type { Problem } from './problem.ts'
import type { ReadingRules } from './reading/one-contact.ts'
import { RekeyedPeople, type SavedPeople } from './rekeying.ts'
import type { Holder, SharedRows } from './shared-numbers.ts'
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

/** The queries of planning to the directory. They only read. */
export interface Directory {
  byKeys(keys: readonly number[]): Promise<StoredContact[]>
  /** Returns the source's own contacts with these IDs, removed ones included, and manual contacts with them. */
  byIds(ids: readonly string[]): Promise<StoredContact[]>
  /**
   * Returns the contacts of any source that have these mobile numbers, in E.164. If many contacts have a number, it
   * returns the ones with the lowest IDs.
   */
  byMobileNumbers(numbers: readonly string[]): Promise<Holder[]>
  /** Returns all manual contacts in the order of their keys. */
  manualContacts(): AsyncIterable<StoredContact>
}

/** A row with its problems, as the report shows it. */
export interface ReportRow {
  row: number
  cells: readonly string[]
  problems: Problem[]
}

/** Receives a plan while it is made. */
export interface PlanSink {
  change(section: Section, change: Change): void
  report(row: ReportRow): void
  /**
   * Receives the shared numbers of a row, once all other problems have been received, in the order of the file. `reported`:
   * the row has other problems too.
   */
  reportShared(row: ReportRow, reported: boolean): void
  /**
   * Waits until everything given so far has been written. Called after about every 1,000 contacts, so that other
   * requests can run in between.
   */
  flush(): Promise<void>
}

export interface PlanningRules extends ReadingRules {
  /** Whether rows should be as long as the header. A workbook leaves out empty cells. */
  fullRows: boolean
  /** Whether the rows are records, of a CRM or of a JSON file. Each of them is a contact. */
  records: boolean
  /** How the file before ended; null if that is not known. */
  fileEndBefore: FileEnd | null
  /** When the file was last changed, as its server said (ISO 8601). */
  modifiedAt: string | null
  /** Whether the export leaves out blank cells at the ends of rows; null until a pass has read the whole file. */
  trimmed: boolean | null
  /** Whether the file has all rows of the source. Only then is a contact without a row missing. */
  complete: boolean
  removal: 'remove' | 'keep'
  covers: 'own' | 'directory'
  /** The limit on people that come under new IDs; null if they are not to be recognised. */
  rekeyLimit: { percent: number; atLeast: number } | null
  /** People that come under new IDs, if they are over the limit; null until a pass has found them. */
  rekeyed: RekeyedPeople | null
  /** New IDs that look like a known ID that is missing, each with that known ID. */
  lookAlikes: ReadonlyMap<string, string>
  /** Headers of optional columns that the last imported file had and this one does not. */
  goneColumns: readonly string[]
  /** What is known of the file as a whole. */
  details: FileDetails
  /** The people who were erased, who are left out; missing if there are none. */
  erased?: ErasedPeople
  /** When the fetch of the file began, in milliseconds since 1970. */
  fetchedAt: number
  /** False if every contact of the directory is in `known`: it has no manual and no removed contacts. */
  lookUpNew: boolean
  /** False if the directory has no contacts, so that none of them can have the number of a new contact. */
  lookUpNumbers: boolean
}

/** The result of a finished pass. */
export interface Planned {
  counts: RunCounts
  /** The spelling of each group that the plan names, by group key. */
  newGroups: ReadonlyMap<string, string>
  /** How many contacts the source had before. */
  contacts: number
  /** What the limits judge. */
  effects: Effects
  /** What is shown to the people who look at the plan. */
  meaning: PlannedMeaning
  /** The groups that gain or lose contacts. */
  groups: readonly MovedGroup[]
  /** The keys of the contacts that become somebody else, in order. */
  somebodyElse: Float64Array
  /** How many of the added contacts need a new key. */
  newContacts: number
  /** How many people come under new IDs. Each may need a new key too. */
  rekeyed: number
  /**
   * How many contacts in `counts.updated` have only a new opt-out. It is applied even if the plan is not (invariant 8).
   */
  optOuts: number
  /** The rows with mobile numbers that others have as well, which `reportShared` reports; null if there are none. */
  shared: SharedRows | null
  /** Why the file may lack rows. */
  doubts: Doubt[]
  /** How the file ended; null for the records of a CRM. */
  fileEnd: FileEnd | null
  /** The number of its last row. */
  lastRow: number
  /** How many rows the source's rules leave out. */
  ruledOut: number
  /** How many rows are of people who were erased. */
  erased: number
  /** Whether the last row was ignored, so that the same bytes may say more the next time. */
  ignoredRow: boolean
}

/**
 * A pass that must be repeated with what it has found. `known` then also knows which IDs have rows that are not next to
 * each other.
 */
export interface Again {
  again: true
  found: Found
}

/** What earlier passes over the file found out. */
export type Found = Pick<PlanningRules, 'lookAlikes' | 'rekeyed' | 'trimmed' | 'ignoredRow'>

/** What passes found out, for another message. */
export type SavedFound = Omit<Found, 'rekeyed'> & { rekeyed: SavedPeople | null }

/** Returns what passes have found out, for another message. */
export function saveFoundOut(found: Found): SavedFound {
  return { ...found, rekeyed: found.rekeyed?.save() ?? null }
}

/** Returns what passes in an earlier message found out. */
export function restoreFoundOut(saved: SavedFound): Found {
  return { ...saved, rekeyed: saved.rekeyed === null ? null : RekeyedPeople.restore(saved.rekeyed) }
}

export const NOTHING_FOUND: Found = {
  lookAlikes: new Map(),
  rekeyed: null,
  trimmed: null,
  ignoredRow: null,
}
