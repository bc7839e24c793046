import { givesRecords } from '../connections/facts.ts'
import { ATTRIBUTES, isAttribute, pathOf } from '../core/attributes.ts'
import { causeName } from '../core/cause-words.ts'
import { Causes } from '../core/causes.ts'
import type { Fields } from '../core/field.ts'
import { exceeds } from '../core/limits/limit.ts'
import { type JudgedDirectory, type Tally, tallyOf } from '../core/limits/tally.ts'
import type { Planned } from '../core/plan-contract.ts'
import type { Env } from '../env.ts'
import { all, first, named } from './database.ts'
import { groupSizes } from './groups.ts'
import { optOutsOf, type PlanManifest } from './plan-reading.ts'
import { removedWithin } from './removals.ts'
import { type ProblemFiles, reportRows } from './reports.ts'
import type { RunRow } from './runs.ts'
import type { SourceRow } from './sources.ts'

/** Returns the effects of a plan, which the limits judge. */
export async function tally(
  env: Env,
  run: RunRow,
  source: SourceRow,
  { planned, manifest, files }: { planned: Planned; manifest: PlanManifest; files: ProblemFiles },
  fields: Fields,
): Promise<Tally> {
  const { counts, contacts, effects } = planned
  const rows = counts.rows - counts.leftOut
  // A run of changes has few rows. Its errors are judged against all contacts of the source.
  const judged = run.fetch === 'changes' ? Math.max(rows, contacts) : rows
  const { errors } = source.settings.limits
  const { lines, statuses } = optOutsOf(manifest)
  const circumstances = {
    first: source.firstAppliedAt === null,
    records: givesRecords(source.connection),
    contacts,
    changes: manifest.changes - lines + statuses,
    rows: judged,
    rowsWithErrors: counts.errors,
    firstCause: errors !== null && exceeds(counts.errors, judged, errors) ? await firstCause(env, files) : null,
    afterUndo: isAfterUndo(run, source),
    doubts: planned.doubts,
    lastRow: planned.lastRow,
  }
  return tallyOf(
    effects,
    circumstances,
    source.settings.limits,
    judgedDirectory(env, source.id, fields, manifest.newGroups),
  )
}

/** How many rows with problems show what most of them have in common. */
const LOOKED_AT = 500

async function firstCause(env: Env, files: ProblemFiles): Promise<string | null> {
  const causes = new Causes()
  for await (const row of reportRows(env, files, LOOKED_AT)) causes.add(row)
  const [first] = causes.all
  if (first === undefined || first.severity !== 'error') return null
  return first.column === null ? causeName(first.code) : `${causeName(first.code)}, in the column “${first.column}”`
}

/**
 * Says whether the plan must wait because the import before was undone. It need not if a person has asked for the
 * undone bytes again.
 */
function isAfterUndo(run: RunRow, { baseline }: SourceRow): boolean {
  const undone = baseline?.undone
  return undone !== undefined && !(run.trigger === 'manual' && undone === run.snapshot?.sha256)
}

/** Returns the directory as judging the plan of a source asks it. */
function judgedDirectory(
  env: Env,
  source: string,
  fields: Fields,
  newGroups: Readonly<Record<string, string>>,
): JudgedDirectory {
  const counted = async (sql: string, values: Parameters<typeof named>[1]) =>
    (await first<{ n: number }>(env, named(`SELECT count(*) AS n FROM contact WHERE ${sql}`, values)))?.n ?? 0
  return {
    groups: (keys) => groupSizes(env, keys),
    async groupNames(keys) {
      const sql = 'SELECT key, name FROM grouping WHERE key IN (SELECT value FROM json_each(:keys))'
      const rows = await all<{ key: string; name: string }>(env, named(sql, { keys: JSON.stringify(keys) }))
      return new Map([...Object.entries(newGroups), ...rows.map(({ key, name }) => [key, name] as const)])
    },
    labelOf: (attribute) => attributeOrField(attribute, fields).label,
    async having(attribute) {
      const { label, path } = attributeOrField(attribute, fields)
      const has = 'source = :source AND removed_at IS NULL AND json_extract(details, :path) IS NOT NULL'
      return { label, of: await counted(has, { source, path }) }
    },
    optedOut: () => counted(`sms_status = 'opted_out' AND source = :source AND removed_at IS NULL`, { source }),
    removedWithin: (days) => removedWithin(env, source, days),
  }
}

/** Returns the label of an attribute and the path at which it is stored. `field:major` is a custom field. */
function attributeOrField(name: string, fields: Fields): { label: string; path: string } {
  if (isAttribute(name)) return { label: ATTRIBUTES[name].label, path: pathOf(name) }
  const key = name.replace(/^field:/, '')
  return { label: fields.get(key)?.label ?? key, path: `${pathOf('fields')}.${key}` }
}
