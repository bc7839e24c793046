import { type ChangeCounts, COUNT_OF, noChanges } from '../core/counts.ts'
import type { FileEnd } from '../core/file-end.ts'
import { NUMBERS_OF, PARTS, type Part, readLine, type WrittenChange } from '../core/plan.ts'
import type { Env } from '../env.ts'
import type { StoredFile } from './files.ts'
import { readLines } from './lines.ts'
import type { SomebodyElse } from './somebody-else.ts'
import type { Baseline, FingerprintFile } from './sources.ts'
import type { KeyedContact } from './writing.ts'

/** A part of a plan, or its opt-outs, in a file of lines. */
export interface PlanSection extends StoredFile {
  changes: number
  /** Missing in plans of the first format, as are `shown` and `sha256`. */
  part?: Part | 'optOut'
  /** How many changes people see. The rest only record the SMS value of the source. */
  shown?: number
  /** How many opt-outs change a status. Missing in other sections, and in older plans. */
  statuses?: number
  /** The SHA-256 of the list of its chunks. */
  sha256?: string
  /** Its changes wait for a person. The sections that wait are the last ones of their plan. */
  waits?: true
  /** Its changes may be about the same people as removals of the plan, and are decided with the removals. */
  matched?: true
  /** Its changes give people new IDs. They are decided with the removals, pair by pair. */
  rekeys?: true
  /** The digest of its changes, whatever their order (`store/plan-digest.ts`); only if it waits. */
  digest?: string
  /** Only in plans of the first format. */
  optOuts?: true
}

/** The version of plans that this code makes. Raise it when the code before would apply a plan of this one wrongly. */
export const PLAN_FORMAT = 2

/** A plan in R2: its sections in the order of applying, and the revisions that it was made on. */
export interface PlanManifest {
  /** Missing in plans of the first format. Their sections had no chunks, and adds and updates were one section. */
  format?: number
  hash: string
  sections: PlanSection[]
  /** The file with the chunks of each section, by the section's file; missing if there are no sections. */
  chunks?: string
  /** Names of the new groups of the plan, by group key. */
  newGroups: Record<string, string>
  changes: number
  /**
   * How many keys the new contacts need. They are reserved when applying begins, starting at `fingerprints.firstKey`.
   */
  newContacts: number
  sourceRevision: number
  manualRevision: number
  /** Whether the plan changes manual contacts or makes contacts manual. */
  manual: boolean
  /** The contacts that become somebody else (`core/somebody-else.ts`). Missing if none do, and in older plans. */
  somebodyElse?: SomebodyElse
  /** Null for the plan of an undo, which is not made from rows. */
  fingerprints: FingerprintFile | null
  /** How the file ended. Missing for an undo and for the records of a CRM. */
  fileEnd?: FileEnd
  /** Whether the last row of the file was ignored. */
  ignoredRow?: true
  /** Whether the file has people who were erased, or the whole plan names them. These files are not kept. */
  erased?: true
  /** The baseline of the source when applying began. */
  baselineBefore?: Baseline | null
}

/** A change as it is applied: of a contact, or only of its SMS status. */
export type KeyedChange = KeyedContact | Extract<WrittenChange, { op: 'sms' }>

/** Returns whether newer code made a plan, so that this code leaves it alone. */
export function isPlanOfNewerCode({ format = 1 }: Pick<PlanManifest, 'format'>): boolean {
  return format > PLAN_FORMAT
}

/** Says whether a section has the opt-outs of a plan. */
export function isOptOuts({ part, optOuts }: PlanSection): boolean {
  return part === 'optOut' || optOuts === true
}

/** Returns how many opt-outs a plan has, and how many of them change a status. */
export function optOutsOf({ sections }: Pick<PlanManifest, 'sections'>): { lines: number; statuses: number } {
  const section = sections.find(isOptOuts)
  const lines = section?.changes ?? 0
  return { lines, statuses: section?.statuses ?? lines }
}

/** Returns the parts that a section belongs to. In the first format, a section may hold changes of any part. */
export function partsOf({ part, matched, optOuts }: PlanSection): readonly Part[] {
  if (part === 'optOut' || optOuts === true) return []
  if (matched === true) return ['remove']
  return part === undefined ? PARTS : [part]
}

/** Returns whether a section is applied if a person has approved these parts of the plan. */
export function isTaken(section: PlanSection, approved: readonly Part[]): boolean {
  return section.waits !== true || partsOf(section).every((part) => approved.includes(part))
}

/** Returns a test for changes: opt-outs of numbers count only while the part waits that brings their contact. */
export function optOutsThatCount({ sections }: PlanManifest): (change: Pick<KeyedChange, 'op' | 'key'>) => boolean {
  const keys = new Set<number>([NUMBERS_OF.failed])
  for (const { part, waits } of sections) {
    if (waits === true && part !== undefined && part !== 'optOut') keys.add(NUMBERS_OF[part])
  }
  return ({ op, key }) => op !== 'sms' || key > 0 || keys.has(key)
}

/** Returns the parts of a plan that wait for a person. */
export function waitingParts({ sections }: PlanManifest): Part[] {
  const waiting = sections.filter(({ waits }) => waits === true).flatMap(partsOf)
  return PARTS.filter((part) => waiting.includes(part))
}

/** Returns how many contacts the sections add, update and remove. Sections of the first format do not tell. */
export function changesOf(sections: readonly PlanSection[]): ChangeCounts {
  const counts = noChanges()
  for (const { part, rekeys, shown, changes } of sections)
    counts[COUNT_OF[rekeys === true ? 'rekey' : (part ?? 'update')]] += shown ?? changes
  return counts
}

/** Returns how many bytes a plan has in all of its sections. */
export function planBytes(plan: PlanManifest): number {
  return plan.sections.reduce((sum, section) => sum + section.bytes, 0)
}

/** Returns where the part of a plan begins that waits for a person, in bytes over all of its sections. */
export function waitsFrom({ sections }: PlanManifest): number {
  return sections.reduce((sum, { waits, bytes }) => sum + (waits === true ? 0 : bytes), 0)
}

/**
 * Reads lines of a plan from a byte position over all of its sections, with the section that they are in. Sections that
 * are not sought are skipped. Returns null at the end.
 */
export async function readPlan(
  env: Env,
  plan: PlanManifest,
  position: number,
  bytes: number,
  isSought: (section: PlanSection) => boolean,
): Promise<{ section: PlanSection; lines: string[]; from: number } | null> {
  const place = placeIn(plan, position, isSought)
  if (place === null) return null
  const { section, start, from } = place
  const { lines } = await readLines(env.FILES, section, from, { bytes })
  return { section, lines, from: start + from }
}

/**
 * Returns the first section of a plan that is sought and not over at a byte position over all sections. `start`: where
 * the section starts; `from`: how many of its bytes are before the position.
 */
export function placeIn(
  { sections }: PlanManifest,
  position: number,
  isSought: (section: PlanSection) => boolean,
): { section: PlanSection; start: number; from: number } | null {
  let start = 0
  for (const section of sections) {
    if (position < start + section.bytes && isSought(section))
      return { section, start, from: Math.max(0, position - start) }
    start += section.bytes
  }
  return null
}

/**
 * Reads a line as a change to apply. A plan numbers new contacts -1, -2, …; here they get the keys reserved for them.
 */
export function readKeyed(line: string, plan: PlanManifest): KeyedChange {
  const change = readLine(line)
  if (change.op !== 'add') return change
  const firstKey = plan.fingerprints?.firstKey ?? 0
  return change.key < 0 ? { ...change, key: firstKey - change.key - 1 } : { ...change, returns: true }
}
