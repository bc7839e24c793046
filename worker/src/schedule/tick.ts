import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { newNotification } from '../notify/outbox.ts'
import { replayErasures } from '../run/replay.ts'
import { startOrRemember } from '../run/start.ts'
import { sendStep } from '../run/step.ts'
import { sweep } from '../run/sweep.ts'
import { scheduledFetch } from '../run/watermark.ts'
import { MUSTER } from '../security/author.ts'
import { hashToken } from '../security/passwords.ts'
import { keysOf } from '../security/secrets.ts'
import { audit } from '../store/audit.ts'
import { ensureErasedKey } from '../store/erased-hash.ts'
import { beat } from '../store/heartbeats.ts'
import { recordLate } from '../store/notifications.ts'
import { keyState, reseal } from '../store/sealed.ts'
import { enabledSources, passDueTime, type SourceRow, sealAddresses } from '../store/sources.ts'
import { lastDue } from './due.ts'

const HOUR = 60 * 60_000

/**
 * Runs at each cron trigger: starts the runs that are due, restarts lost ones, and reports late files. It only
 * enqueues.
 */
export async function tick(env: Env, now: number): Promise<void> {
  // Without it the health check would say that the cron is late, and everything else goes on.
  await beat(env, 'tick', Date.now()).catch((error: unknown) => console.error(`heartbeat failed: ${noteOf(error)}`))
  // Before any import of a restored database. If it has too many for one message, the next tick goes on.
  for (let more = true; more; ) more = await replayErasures(env, now)
  for (const source of await enabledSources(env)) {
    try {
      await startDue(env, source, now)
      await tellLate(env, source, now)
    } catch (error) {
      // An error in one source must not keep the other sources from their schedules.
      console.error(`schedule of ${source.id} failed: ${noteOf(error)}`)
    }
  }
  await changeKeys(env).catch((error: unknown) => console.error(`changing keys failed: ${noteOf(error)}`))
  await sweep(env, now)
  await sealAddresses(env)
}

/** Encrypts some of the stored secrets with the first of several keys, until no other key is needed. */
async function changeKeys(env: Env): Promise<void> {
  await ensureErasedKey(env)
  if (keysOf(env).length < 2) return
  const done = await reseal(env)
  if (done === 0) return
  const { key, left } = await keyState(env)
  const detail = `${done} encrypted, ${left} left`
  await audit(env, { who: MUSTER, action: 'secrets_resealed', subject: key, detail, client: null })
}

async function startDue(env: Env, source: SourceRow, now: number): Promise<void> {
  const { schedule } = source.settings
  if (schedule === null) return
  const due = lastDue(schedule, source.id, new Date(now), new Date(source.scheduleSince))
  if (due === null) return
  // Crons come late, twice or not at all, and may crash half-way. The due time determines the run's ID, so that the run
  // is started once. Only then is the due time marked as done.
  const id = (await hashToken(`${source.id} ${due.getTime()}`)).slice(0, 20)
  const fetch = scheduledFetch(source, now)
  const run = { id, source: source.id, trigger: 'schedule', mode: 'apply', fetch, requestedBy: null } as const
  await startOrRemember(env, run, now)
  await passDueTime(env, source.id, due.getTime())
}

/**
 * Notifies the recipients once if a source's file has not changed for as long as its settings allow (design:
 * Schedules). The file counts as changed if a run found other bytes and could make a plan of them; the times that
 * servers report are not reliable. `now` is in milliseconds.
 */
async function tellLate(env: Env, source: SourceRow, now: number): Promise<void> {
  const { freshness } = source.settings
  const since = Math.max(source.freshSince, source.fileChangedAt ?? 0)
  if (freshness === null || source.lateAt !== null || now <= since + freshness.atLeastEveryHours * HOUR) return
  const reported = await newNotification(env, 'late', null, source, now)
  if ((await recordLate(env, source.id, since, reported, now)) && reported !== null) {
    await sendStep(env, { step: 'notify', notification: reported.id })
  }
}
