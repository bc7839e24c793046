import { readTextRequest } from '../core/text-message.ts'
import type { Env } from '../env.ts'
import { type SmsSetting, type SmsSubject, settingSms } from '../store/sms.ts'
import { listSources } from '../store/sources.ts'
import { stoppedByText } from '../store/texts.ts'
import { takingText } from '../store/webhooks.ts'
import { sendWriteBacks, smsColumn } from './write-back.ts'

const MOST_SOURCES = 1000

/** Sets an SMS status here (invariant 7), and begins to tell the contacts' sources. `also` goes in the same transaction. */
export async function setSms(
  env: Env,
  subject: SmsSubject,
  setting: SmsSetting,
  also: D1PreparedStatement[] = [],
): Promise<void> {
  const sources = await listSources(env, '', MOST_SOURCES)
  const telling = sources.filter((source) => smsColumn(source) !== null).map(({ id }) => id)
  await env.DB.batch([...also, ...settingSms(env, subject, setting, telling)])
  if (telling.length > 0) await sendWriteBacks(env, setting.now)
}

/** What became of an inbound text: the status that it set, or null where it asked for nothing. */
export type TextOutcome = { status: 'opted_in' | 'opted_out' | null } | 'replayed'

/**
 * Takes an inbound text (api: `/hooks/sms`). `from`: E.164; `id`: what names this very text. A number that nobody has is
 * remembered all the same. Taking note of the text and doing what it asks for is one transaction, so that neither is lost.
 */
export async function takeText(
  env: Env,
  text: { id: string; from: string; body: string },
  now: number,
): Promise<TextOutcome> {
  const request = readTextRequest(text.body)
  const lifts = request === 'yes' && (await stoppedByText(env, text.from))
  const status = request === 'yes' ? (lifts ? 'opted_in' : null) : request
  const taking = takingText(env, text.id, now)
  try {
    if (status === null) await env.DB.batch([taking])
    else await setSms(env, { number: text.from }, { status, who: 'contact', reason: null, now }, [taking])
    return { status }
  } catch (error) {
    if (String(error).includes('UNIQUE constraint failed: webhook_call')) return 'replayed'
    throw error
  }
}
