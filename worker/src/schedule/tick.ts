import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { scheduledFetch } from '../run/mark.ts'
import { startOrRemember } from '../run/start.ts'
import { sweep } from '../run/sweep.ts'
import { hashToken } from '../security/passwords.ts'
import type { SourceRow } from '../store/schema.ts'
import { enabledSources, passDueTime } from '../store/sources.ts'
import { lastDue } from './due.ts'
import { tellLate } from './late.ts'

/** What the cron trigger does: starts what is due, and what was lost on the way, and tells of files that are late. It only enqueues. */
export async function tick(env: Env, now: number): Promise<void> {
  for (const source of await enabledSources(env)) {
    try {
      await startDue(env, source, now)
      await tellLate(env, source, now)
    } catch (error) {
      // One source must not keep the others from their times.
      console.error(`schedule of ${source.id} failed: ${noteOf(error)}`)
    }
  }
  await sweep(env, now)
}

async function startDue(env: Env, source: SourceRow, now: number): Promise<void> {
  const { schedule } = source.settings
  if (schedule === null) return
  const due = lastDue(schedule, source.id, new Date(now), new Date(source.scheduleSince))
  if (due === null) return
  // Crons come late, twice or not at all, and may die half-way: the due time names its run, so that it is started once,
  // and only then is done with.
  const id = (await hashToken(`${source.id} ${due.getTime()}`)).slice(0, 20)
  const fetch = scheduledFetch(source, now)
  const run = { id, source: source.id, trigger: 'schedule', mode: 'apply', fetch, requestedBy: null } as const
  await startOrRemember(env, run, now)
  await passDueTime(env, source.id, due.getTime())
}
