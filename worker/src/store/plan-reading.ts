import type { FileEnd } from '../core/file-end.ts'
import { type Part, readLine, type WrittenChange } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { readLines } from './lines.ts'
import type { Baseline, FingerprintFile } from './sources.ts'
import type { KeyedContact } from './writing.ts'

/** A part of a plan, or its opt-outs, in a file of lines. */
export interface PlanSection {
  file: string
  bytes: number
  changes: number
  /** Missing in plans of the first format, as are `shown` and `sha256`. */
  part?: Part | 'optOut'
  /** How many changes people see. The rest only record the SMS value of the source. */
  shown?: number
  /** The SHA-256 of the list of its chunks. */
  sha256?: string
  /** Only in plans of the first format. */
  optOuts?: true
}

/** A plan in R2: its sections in the order of applying, and the revisions that it was made on. */
export interface PlanManifest {
  /** Missing in plans of the first format. Their sections had no chunks, and adds and updates were one section. */
  format?: 2
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
  /** Null for the plan of an undo, which is not made from rows. */
  fingerprints: FingerprintFile | null
  /** How the file ended. Missing for an undo and for the records of a CRM. */
  fileEnd?: FileEnd
  /** Whether the last row of the file was ignored. */
  ignoredRow?: true
  /** The baseline of the source when applying began. */
  baselineBefore?: Baseline | null
}

/** A change as it is applied: of a contact, or only of its SMS status. */
export type KeyedChange = KeyedContact | Extract<WrittenChange, { op: 'sms' }>

/** Says whether a section has the opt-outs of a plan. */
export function isOptOuts({ part, optOuts }: PlanSection): boolean {
  return part === 'optOut' || optOuts === true
}

/** Returns how many bytes a plan has in all of its sections. */
export function planBytes(plan: PlanManifest): number {
  return plan.sections.reduce((sum, section) => sum + section.bytes, 0)
}

/**
 * Returns the plan's lines from a byte position over all of its sections, and the position after them; null at the end.
 */
export async function readPlan(
  env: Env,
  plan: PlanManifest,
  position: number,
  bytes: number,
): Promise<{ lines: string[]; next: number } | null> {
  let start = 0
  for (const section of plan.sections) {
    if (position < start + section.bytes) {
      const { lines, next } = await readLines(env.FILES, section, position - start, { bytes })
      return { lines, next: start + (next ?? section.bytes) }
    }
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
