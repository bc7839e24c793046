import type { Env } from '../env.ts'
import { newNotification } from '../notify/outbox.ts'
import { sendStep } from '../run/step.ts'
import { recordLate } from '../store/notifications.ts'
import type { SourceRow } from '../store/sources.ts'

const HOUR = 60 * 60_000

/**
 * Notifies the recipients once if a source's file has not changed for as long as its settings allow (design:
 * Schedules). The file counts as changed if a run found other bytes and could make a plan of them; the times that
 * servers report are not reliable. `now` is in milliseconds.
 */
export async function tellLate(env: Env, source: SourceRow, now: number): Promise<void> {
  const { freshness } = source.settings
  const since = Math.max(source.freshSince, source.fileChangedAt ?? 0)
  if (freshness === null || source.lateAt !== null || now <= since + freshness.atLeastEveryHours * HOUR) return
  const reported = await newNotification(env, 'late', null, source, now)
  if ((await recordLate(env, source.id, since, reported, now)) && reported !== null) {
    await sendStep(env, { step: 'notify', notification: reported.id })
  }
}
