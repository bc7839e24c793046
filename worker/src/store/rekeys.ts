import { type Pair, type RekeyDecision, readLine, type WrittenRekey } from '../core/plan.ts'
import type { Env } from '../env.ts'
import { eachLines } from './lines.ts'
import { type KeyedChange, type PlanManifest, type PlanSection, readKeyed } from './plan-reading.ts'
import type { RunRow } from './runs.ts'
import type { KeyedContact } from './writing.ts'

/** Returns the section of people that come under new IDs; null if a plan has none. */
export function rekeysOf({ sections }: Pick<PlanManifest, 'sections'>): PlanSection | null {
  return sections.find(({ rekeys }) => rekeys === true) ?? null
}

/** Returns a test for the people that a decision moves to their new IDs. Without one all of them are. */
export function movedBy(decision: RekeyDecision = true): (pair: Pair) => boolean {
  if (typeof decision === 'boolean') return () => decision
  const moved = new Set(decision.map(keyOf))
  return (pair) => moved.has(keyOf(pair))
}

function keyOf({ from, to }: Pair): string {
  return JSON.stringify([from, to])
}

/** Returns whether all of the pairs are in a section. */
export async function haveAll(env: Env, section: PlanSection, pairs: readonly Pair[]): Promise<boolean> {
  const unknown = new Set(pairs.map(keyOf))
  for await (const lines of eachLines(env.FILES, section)) {
    for (const line of lines) {
      const { id, ...change } = readRekey(line)
      unknown.delete(keyOf({ from: change.fromId, to: id }))
    }
  }
  return unknown.size === 0
}

/** Reads a line of the section of people that come under new IDs. */
export function readRekey(line: string): WrittenRekey {
  const change = readLine(line)
  if (change.op !== 'rekey') throw new Error('The section has another change than a new ID')
  return change
}

/** Returns the key reserved for the contact that is made if a person is not moved to the new ID. */
export function reservedKey(plan: PlanManifest, number: number): number {
  const firstKey = plan.fingerprints?.firstKey ?? 0
  return firstKey + plan.newContacts - (rekeysOf(plan)?.changes ?? 0) + number - 1
}

/** Reads the lines of a run's plan as the changes that a person has decided about. */
export function readDecided(
  lines: readonly string[],
  { plan, decision }: Pick<RunRow, 'decision'> & { plan: PlanManifest },
) {
  const isMoved = movedBy(decision?.rekey)
  return lines.flatMap((line): KeyedChange[] => {
    const change = readKeyed(line, plan)
    if (change.op !== 'rekey' || change.otherwise === null || isMoved({ from: change.fromId, to: change.id }))
      return [change]
    return apart(change, change.otherwise, plan)
  })
}

/** Returns the new contact, and perhaps a removal, in place of a new ID: the two are not the same person. */
function apart(
  { key, id, fromId, owner, before, rows }: WrittenRekey,
  { number, after, sms, removes }: NonNullable<WrittenRekey['otherwise']>,
  plan: PlanManifest,
): KeyedContact[] {
  const added: KeyedContact = {
    op: 'add',
    key: reservedKey(plan, number),
    id,
    before: null,
    after,
    ...(sms === undefined ? {} : { sms }),
    rows,
  }
  if (!removes) return [added]
  return [
    added,
    { op: 'remove', key, id: fromId, ...(owner === undefined ? {} : { owner: 'hand' }), before, after: null, rows: [] },
  ]
}
