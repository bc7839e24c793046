import { readLine, type WrittenChange } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { readLines } from './lines.ts'
import type { PlanManifest } from './schema.ts'
import type { KeyedContact } from './writing.ts'

/** A change as it is applied: of a contact, or of its SMS status alone. */
export type KeyedChange = KeyedContact | Extract<WrittenChange, { op: 'sms' }>

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
