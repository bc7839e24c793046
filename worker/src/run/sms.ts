import { readTextRequest } from '../core/text-message.ts'
import type { Env } from '../env.ts'
import { write } from '../store/database.ts'
import { recordingText, webhookCalls } from '../store/requests.ts'
import { type SmsSetting, type SmsSubject, settingSms, stoppedByText } from '../store/sms.ts'
import { listSources } from '../store/sources.ts'
import { sendWriteBacks, smsColumn } from './write-back.ts'

const MOST_SOURCES = 1000

/** Sets an SMS status here (invariant 7) and starts to write it to the contacts' sources. */
export async function setSms(env: Env, subject: SmsSubject, setting: SmsSetting): Promise<void> {
  const telling = await tellableSources(env)
  await write(env, settingSms(subject, setting, telling))
  if (telling.length > 0) await sendWriteBacks(env, setting.now)
}

/** Returns the IDs of the sources to which an SMS status can be written. */
async function tellableSources(env: Env): Promise<string[]> {
  const sources = await listSources(env, '', MOST_SOURCES)
  return sources.filter((source) => smsColumn(source) !== null).map(({ id }) => id)
}

/** The outcome of an inbound text: the status that it set, or null if it asked for none. */
export type TextOutcome = { status: 'opted_in' | 'opted_out' | null } | 'replayed'

/**
 * Processes an inbound text (api: `/hooks/sms`). `from` is in E.164, and `id` identifies the text. The decision is also
 * kept for a number that no contact has. Recording the text and its effect is one transaction, so that neither is lost.
 */
export async function takeText(
  env: Env,
  text: { id: string; from: string; body: string },
  now: number,
): Promise<TextOutcome> {
  const request = readTextRequest(text.body)
  const lifts = request === 'yes' && (await stoppedByText(env, text.from))
  const status = request === 'yes' ? (lifts ? 'opted_in' : null) : request
  const telling = status === null ? [] : await tellableSources(env)
  const setting =
    status === null ? [] : settingSms({ number: text.from }, { status, who: 'contact', reason: null, now }, telling)
  const { failed } = await write(env, [recordingText(env, text.id, now), ...setting], webhookCalls.signature)
  if (failed !== null) return 'replayed'
  if (telling.length > 0) await sendWriteBacks(env, now)
  return { status }
}
