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
  /** Missing in plans of the first form, as is all that follows but `optOuts`. */
  part?: Part | 'optOut'
  /** How many of the changes are counted as such: what is only noted of a source's value for the SMS status is not. */
  shown?: number
  /** The SHA-256 of the list of its chunks. */
  sha256?: string
  /** Only in plans of the first form. */
  optOuts?: true
}

/** A plan in R2: its sections in the order they are applied, and what it was made on. */
export interface PlanManifest {
  /** Missing in plans of the first form: their sections were opt-outs, adds and updates together, and removals, not in chunks. */
  format?: 2
  hash: string
  sections: PlanSection[]
  /** The file with the chunks of each section, by the section's file; missing where there are no sections. */
  chunks?: string
  /** Names of groups the plan brings, by group key. */
  newGroups: Record<string, string>
  changes: number
  /** How many keys the plan's new contacts need; they are reserved when applying begins, from `fingerprints.firstKey`. */
  newContacts: number
  sourceRevision: number
  manualRevision: number
  /** Whether it changes contacts made by hand, or makes some. */
  manual: boolean
  /** Null for a plan that is not made from rows. */
  fingerprints: FingerprintFile | null
  /** What its source had settled when it began to be applied. */
  baselineBefore?: Baseline | null
}

/** A change as it is applied: of a contact, or of its SMS status alone. */
export type KeyedChange = KeyedContact | Extract<WrittenChange, { op: 'sms' }>

/** Whether a section is the plan's opt-outs. */
export function isOptOuts({ part, optOuts }: PlanSection): boolean {
  return part === 'optOut' || optOuts === true
}

/** How many bytes a plan has over all of its sections. */
export function planBytes(plan: PlanManifest): number {
  return plan.sections.reduce((sum, section) => sum + section.bytes, 0)
}

/** The plan's lines from a byte position over all of its sections, and the position after them; null at the end. */
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

/** A change as it is applied. A plan numbers its new contacts -1, -2, …; they get the keys that were reserved for it. */
export function readKeyed(line: string, plan: PlanManifest): KeyedChange {
  const change = readLine(line)
  if (change.op !== 'add') return change
  const firstKey = plan.fingerprints?.firstKey ?? 0
  return change.key < 0 ? { ...change, key: firstKey - change.key - 1 } : { ...change, returns: true }
}
