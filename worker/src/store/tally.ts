import { ATTRIBUTES, isAttribute, pathOf } from '../core/attributes.ts'
import type { Fields } from '../core/field.ts'
import type { Tally } from '../core/limits.ts'
import type { Planned } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { all, first, named } from './database.ts'
import { membersOf } from './groups.ts'
import type { PlanManifest } from './plan-reading.ts'
import type { RunRow } from './runs.ts'
import type { SourceRow } from './sources.ts'

/** Returns the effects of a plan for the limits to judge. Queries the directory only if a limit could be exceeded. */
export async function tallyOf(
  env: Env,
  run: RunRow,
  source: SourceRow,
  { planned, manifest }: { planned: Planned; manifest: PlanManifest },
  fields: Fields,
): Promise<Tally> {
  const { counts } = planned
  const { limits } = source.settings
  const rows = counts.rows - counts.leftOut
  return {
    first: source.firstAppliedAt === null,
    contacts: planned.contacts,
    changes: manifest.changes,
    removed: counts.removed,
    removedManual: planned.removedManual,
    updated: counts.updated - planned.optOuts,
    counted: planned.counted,
    blanked: await blanked(
      env,
      source.id,
      planned.blanked,
      fields,
      limits.blanked?.atLeast ?? Number.POSITIVE_INFINITY,
    ),
    emptied: await emptied(env, planned.losing, limits.emptiedGroups?.atLeast ?? Number.POSITIVE_INFINITY),
    resubscribed: planned.resubscribed,
    optedOut: await optedOut(env, source.id, planned.resubscribed, limits.resubscribed?.atLeast),
    // A run of changes has few rows. Its errors are judged against all contacts of the source.
    rows: run.fetch === 'changes' ? Math.max(rows, planned.contacts) : rows,
    rowsWithErrors: counts.errors,
    afterUndo: isAfterUndo(run, source),
    doubts: planned.doubts,
  }
}

/**
 * Says whether the plan must wait because the import before was undone. It need not if a person has asked for the
 * undone bytes again.
 */
function isAfterUndo(run: RunRow, { baseline }: SourceRow): boolean {
  const undone = baseline?.undone
  return undone !== undefined && !(run.trigger === 'manual' && undone === run.snapshot?.sha256)
}

async function blanked(
  env: Env,
  source: string,
  losses: Map<string, number>,
  fields: Fields,
  atLeast: number,
): Promise<Tally['blanked']> {
  const found: Tally['blanked'][number][] = []
  for (const [attribute, count] of [...losses].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (count < atLeast) continue
    const { label, path } = attributeOrField(attribute, fields)
    const row = await first<{ n: number }>(
      env,
      named(
        `SELECT count(*) AS n FROM contact
          WHERE source = :source AND removed_at IS NULL AND json_extract(details, :path) IS NOT NULL`,
        { source, path },
      ),
    )
    found.push({ label, count, of: row?.n ?? count })
  }
  return found
}

/** Returns the label of an attribute and the path at which it is stored. `field:major` is a custom field. */
function attributeOrField(name: string, fields: Fields): { label: string; path: string } {
  if (isAttribute(name)) return { label: ATTRIBUTES[name].label, path: pathOf(name) }
  const key = name.replace(/^field:/, '')
  return { label: fields.get(key)?.label ?? key, path: `${pathOf('fields')}.${key}` }
}

/**
 * Returns how many contacts of the source have opted out. Queries the directory only if the limit could be exceeded.
 */
async function optedOut(env: Env, source: string, resubscribed: number, atLeast = Number.POSITIVE_INFINITY) {
  if (resubscribed < atLeast) return resubscribed
  const row = await first<{ n: number }>(
    env,
    named(
      `SELECT count(*) AS n FROM contact WHERE sms_status = 'opted_out' AND source = :source AND removed_at IS NULL`,
      { source },
    ),
  )
  return row?.n ?? resubscribed
}

async function emptied(env: Env, losing: Map<string, number>, atLeast: number): Promise<Tally['emptied']> {
  const large = [...losing].filter(([, count]) => count >= atLeast)
  if (large.length === 0) return []
  const groups = await all<{ name: string; key: string; n: number }>(
    env,
    named(
      `SELECT g.name, g.key, ${membersOf('g.id')} AS n
        FROM json_each(:keys) j CROSS JOIN grouping g ON g.key = j.value ORDER BY g.key`,
      { keys: JSON.stringify(large.map(([key]) => key)) },
    ),
  )
  return groups.filter(({ key, n }) => losing.get(key) === n).map(({ name, n }) => ({ name, contacts: n }))
}
