import type { Env } from '../env.ts'
import { counterValue } from './counters.ts'
import { all, first, named } from './database.ts'
import { PLAN_FORMAT } from './plan-reading.ts'
import type { RunRow } from './runs.ts'
import { SETTINGS_HASH, withoutRules } from './sources.ts'

/**
 * Why the plan of a held run can no longer be approved. `rules`: a version of Muster with other rules for rows runs now.
 * `since`: milliseconds since 1970.
 */
export interface Stale {
  since: number
  why: 'settings' | 'contacts' | 'rules'
}

interface Moved {
  id: string
  source: string
  settings: number
  rules: number
  contacts: number
}

/**
 * Returns the runs that wait for a person and whose plan is stale: the settings, the rules for rows or the contacts have
 * changed since it was made, other than by the run itself (invariant 6). When a version with other rules was installed is
 * not known, so `since` is then the time of the run.
 */
export async function stalePlans(env: Env, runs: readonly RunRow[]): Promise<ReadonlyMap<string, Stale>> {
  const held = runs.filter(({ status }) => status === 'held')
  const stale = new Map<string, Stale>()
  if (held.length === 0) return stale
  const moved = await all<Moved>(
    env,
    named(
      `SELECT r.id, r.source, ${withoutRules('source.settings_hash')} IS NOT ${withoutRules('r.settings_hash')} AS settings,
          ${SETTINGS_HASH} IS NOT r.settings_hash OR coalesce(r.plan ->> '$.format', 1) <> ${PLAN_FORMAT} AS rules,
          source.revision <> r.plan ->> '$.sourceRevision' + r.chunks
          OR ${counterValue('manual')} <> r.plan ->> '$.manualRevision' + iif(r.plan ->> '$.manual', r.chunks, 0) AS contacts
        FROM json_each(:ids) j CROSS JOIN run r ON r.id = j.value JOIN source ON source.id = r.source`,
      { ids: JSON.stringify(held.map(({ id }) => id)) },
    ),
  )
  for (const run of held) {
    const found = moved.find(({ id }) => id === run.id)
    if (found?.settings === 1) stale.set(run.id, { why: 'settings', since: await settingsChanged(env, run) })
    else if (found?.rules === 1) stale.set(run.id, { why: 'rules', since: run.createdAt })
    else if (found?.contacts === 1) stale.set(run.id, { why: 'contacts', since: await contactsChanged(env, run) })
  }
  return stale
}

/** When the settings of a run's source were last changed. */
async function settingsChanged(env: Env, { source, createdAt }: RunRow): Promise<number> {
  const row = await first<{ at: number }>(
    env,
    named(
      `SELECT at FROM audit WHERE at >= :createdAt
          AND (action = 'source_changed' AND subject = :source OR action = 'field_changed') ORDER BY id DESC LIMIT 1`,
      { source, createdAt },
    ),
  )
  return row?.at ?? createdAt
}

/** When anything else than the run first changed a contact that the plan may be about. */
async function contactsChanged(env: Env, { id, source, plan, createdAt }: RunRow): Promise<number> {
  const row = await first<{ at: number }>(
    env,
    named(
      `SELECT updated_at AS at FROM contact INDEXED BY contact_seq
        WHERE seq > :seq AND source IN (:source, '') AND run IS NOT :id ORDER BY seq LIMIT 1`,
      { id, source, seq: plan?.fingerprints?.seq ?? 0 },
    ),
  )
  return row?.at ?? createdAt
}
