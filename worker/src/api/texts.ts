import * as z from 'zod'
import { readNumber } from '../core/values/phone.ts'
import type { Env } from '../env.ts'
import { takeText } from '../run/sms.ts'
import { webhookAuthor } from '../security/author.ts'
import { newToken } from '../security/random.ts'
import { isFromTwilio } from '../security/twilio-signature.ts'
import { readSecret, readSettings, writeSecret } from '../store/settings.ts'
import { badSignature, replayed, verifiedSignature } from './hooks.ts'
import { anyQuery, parse } from './input.ts'
import { ApiError } from './problem.ts'
import type { Recorder } from './recording.ts'
import { route } from './route.ts'

const textSchema = z.object({ from: z.string().min(1).max(40), text: z.string().max(10_000) })

/** Inbound texts: STOP and START from the contacts themselves. */
export const textRoutes = [
  route({
    method: 'post',
    path: '/api/sms-webhook',
    summary: 'Make the webhook for inbound texts, or give it a new secret; it is shown once',
    role: 'administrator',
    confirms: 'always',
    answer: z.object({ url: z.url(), secret: z.string() }),
    async handle({ env, record }) {
      const secret = newToken()
      await writeSecret(env, 'smsWebhook', secret)
      await record('sms_webhook_made', null)
      return { url: `${env.PUBLIC_URL}/hooks/sms`, secret }
    },
  }),
  route({
    method: 'post',
    path: '/hooks/sms',
    summary: 'An inbound text: `{from, text}` signed as a source’s webhook, or a request of Twilio’s',
    role: null,
    query: anyQuery,
    raw: 'bytes',
    answer: z.object({ status: z.enum(['opted_in', 'opted_out']).nullable() }),
    async handle({ env, request, record }) {
      const body = new Uint8Array(await request.arrayBuffer())
      const form = request.headers.get('Content-Type')?.startsWith('application/x-www-form-urlencoded') ?? false
      return form ? fromTwilio(env, request, body, record) : signed(env, request, body, record)
    },
  }),
]

type Record = Recorder<'sms_opted_in' | 'sms_opted_out'>

async function signed(env: Env, request: Request, body: Uint8Array, record: Record) {
  const secret = await readSecret(env, 'smsWebhook')
  if (secret === null) throw badSignature()
  const id = await verifiedSignature(request, body, secret)
  const { from, text } = parse(textSchema, json(body), 'body')
  const outcome = await takeText(env, { id: `sms ${id}`, from: await numberOf(env, from), body: text }, Date.now())
  if (outcome === 'replayed') throw replayed()
  await recordText(record, outcome)
  return outcome
}

/** Records what a text decided. Whom it was about is in the record of decisions. */
async function recordText(record: Record, { status }: { status: 'opted_in' | 'opted_out' | null }): Promise<void> {
  if (status !== null) await record(`sms_${status}`, null, 'by text', webhookAuthor(null))
}

/** Twilio sends a message again if it gets no answer, so a repeated message gets the same answer as a new one. */
async function fromTwilio(env: Env, request: Request, body: Uint8Array, record: Record): Promise<Response> {
  const token = await readSecret(env, 'twilioToken')
  if (token === null) throw badSignature()
  const form = new URLSearchParams(new TextDecoder().decode(body))
  const { pathname, search } = new URL(request.url)
  // Twilio signs the address that it called, which a proxy before the Worker may have changed.
  const genuine = await isFromTwilio(
    request.headers.get('X-Twilio-Signature'),
    `${env.PUBLIC_URL}${pathname}${search}`,
    form,
    token,
  )
  if (!genuine) throw badSignature()
  const { from, text } = parse(textSchema, { from: form.get('From'), text: form.get('Body') ?? '' }, 'body')
  const id = form.get('MessageSid') ?? form.get('SmsSid')
  if (id === null) throw new ApiError(400, 'invalid', 'The message has no MessageSid.')
  const message = { id: `twilio ${id}`, from: await numberOf(env, from), body: text }
  const outcome = await takeText(env, message, Date.now())
  if (outcome !== 'replayed') await recordText(record, outcome)
  return new Response('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', {
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  })
}

async function numberOf(env: Env, from: string): Promise<string> {
  const { defaultCountry } = await readSettings(env)
  const read = readNumber(from, defaultCountry)
  if (read.kind === 'value') return read.value.number
  // A text may come from any number, whether or not the numbering plan knows it.
  if (/^\+\d{6,15}$/.test(from)) return from
  throw new ApiError(400, 'invalid', 'The body is not valid. from: not a telephone number', {
    errors: [{ path: 'from', message: 'Not a telephone number' }],
  })
}

function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    throw new ApiError(400, 'invalid_json', 'The body is not JSON.')
  }
}
