import { createExecutionContext } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import worker from '../index.ts'
import { takeText } from '../run/sms.ts'
import { sign } from '../security/signature.ts'
import { numberOf, OPTED_MAPPING, optedFile, people, reached, setSms, statuses } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const TWILIO = 'an-auth-token-of-twilio'
let world: World
let source: string
let secret: string

beforeEach(async () => {
  world = await World.start()
  source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  const webhook = await world.api<{ url: string; secret: string }>('POST', '/api/sms-webhook')
  expect(webhook.url).toBe(`${world.env.PUBLIC_URL}/hooks/sms`)
  secret = webhook.secret
})

const post = (headers: Record<string, string>, body: string) =>
  worker.fetch(
    new Request('https://muster.example.org/hooks/sms', { method: 'POST', headers, body }),
    world.env,
    createExecutionContext(),
  )

let second = 0
async function text(from: string, words: string, ago = ++second % 60) {
  const body = JSON.stringify({ from, text: words })
  const header = await sign(new TextEncoder().encode(body), secret, Math.floor(Date.now() / 1000) - ago)
  const send = () => post({ 'Muster-Signature': header }, body)
  return { answer: await send(), again: send }
}

async function twilio(form: Record<string, string>, token = TWILIO) {
  const body = new URLSearchParams(form)
  const names = Object.keys(form).sort()
  const signed = `${world.env.PUBLIC_URL}/hooks/sms${names.map((name) => name + form[name]).join('')}`
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(token),
    { name: 'HMAC', hash: 'SHA-1' },
    false,
    ['sign'],
  )
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(signed)))
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Twilio-Signature': btoa(String.fromCharCode(...bytes)),
  }
  return post(headers, body.toString())
}

const ANA = { id: 'ana', sms: 'Y' }
const EVA = { id: 'eva', sms: 'Y', number: numberOf('ana') }
const BEN = { id: 'ben', sms: 'Y' }

describe('an inbound text', () => {
  it('an inbound STOP opts out every contact with that number, and START opts them in', async () => {
    await world.import(source, optedFile([ANA, EVA, BEN]))
    const { answer } = await text(numberOf('ana'), 'Stop.')
    expect(await answer.json()).toEqual({ status: 'opted_out' })
    expect(await statuses(world)).toEqual({ ana: 'opted_out', eva: 'opted_out', ben: 'opted_in' })
    expect((await people(world)).get('ana')?.sms.by).toBe('contact')
    expect(await reached(world)).toEqual(['ben'])
    await text(numberOf('ana'), 'START')
    expect(await reached(world)).toEqual(['ana', 'eva', 'ben'])
  })

  it('an inbound text is recorded even if nobody has the number', async () => {
    await text(numberOf('ana'), 'STOP')
    await world.import(source, optedFile([ANA, BEN]))
    expect(await statuses(world)).toEqual({ ana: 'opted_out', ben: 'opted_in' })
  })

  it('an inbound YES opts in only after a STOP', async () => {
    await world.import(source, optedFile([{ ...ANA, sms: 'N' }]))
    await text(numberOf('ana'), 'YES')
    expect(await statuses(world)).toEqual({ ana: 'opted_out' })
    await text(numberOf('ana'), 'STOP')
    await text(numberOf('ana'), 'YES')
    expect(await statuses(world)).toEqual({ ana: 'opted_in' })
    await setSms(world, 'ana', 'opted_out')
    await text(numberOf('ana'), 'YES')
    expect(await statuses(world)).toEqual({ ana: 'opted_out' })
  })

  it('START from one number of a person does not end a STOP from another one', async () => {
    const numbers = ['+16045550101', '+16045550102'].map((number) => ({ number, type: 'mobile' }))
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana', numbers, groups: ['All'] })
    await text('+16045550102', 'STOP')
    await text('+16045550101', 'START')
    expect(await statuses(world)).toEqual({ ana: 'opted_out' })
    expect(await reached(world)).toEqual([])
    await text('+16045550102', 'START')
    expect(await statuses(world)).toEqual({ ana: 'opted_in' })
    expect(await reached(world)).toEqual(['ana', 'ana'])
  })

  it('a text that arrives again after its record has expired changes nothing', async () => {
    await world.import(source, optedFile([ANA]))
    const stop = { id: 'twilio 1', from: numberOf('ana'), body: 'STOP' }
    expect(await takeText(world.env, stop, Date.now())).toEqual({ status: 'opted_out' })
    await world.env.DB.prepare('DELETE FROM webhook_call').run()
    expect(await takeText(world.env, stop, Date.now() + 1)).toBe('replayed')
    expect(await statuses(world)).toEqual({ ana: 'opted_out' })
  })

  it('an inbound text with other words changes nothing', async () => {
    await world.import(source, optedFile([ANA]))
    expect(await (await text(numberOf('ana'), 'please stop the car')).answer.json()).toEqual({ status: null })
    expect(await statuses(world)).toEqual({ ana: 'opted_in' })
  })

  it('an inbound text is refused without a signature, with a wrong one, too late and a second time', async () => {
    const body = JSON.stringify({ from: numberOf('ana'), text: 'STOP' })
    expect((await post({}, body)).status).toBe(401)
    const now = Math.floor(Date.now() / 1000)
    const other = await sign(new TextEncoder().encode(body), 'another', now)
    expect((await post({ 'Muster-Signature': other }, body)).status).toBe(401)
    expect((await text(numberOf('ana'), 'STOP', 400)).answer.status).toBe(401)
    const { answer, again } = await text(numberOf('ana'), 'STOP')
    expect(answer.status).toBe(200)
    expect((await again()).status).toBe(409)
  })

  it.each([1, 2, 3, 4])('a repeated inbound text takes effect once after the Worker died at call %i', async (call) => {
    await world.import(source, optedFile([ANA]))
    world.faults.crashAt(call, 'before')
    const { again } = await text(numberOf('ana'), 'STOP')
    world.faults.restart()
    await again()
    expect(await statuses(world)).toEqual({ ana: 'opted_out' })
  })

  it('an inbound text from Twilio is accepted with Twilio’s own signature, once or more', async () => {
    await world.import(source, optedFile([ANA]))
    const form = { From: numberOf('ana'), To: '+16045550000', Body: 'Stop', MessageSid: 'SM1' }
    expect((await twilio(form)).status).toBe(401)
    const settings = await world.api('PATCH', '/api/settings', { twilioToken: TWILIO })
    expect(settings).toMatchObject({ twilioToken: null, hasTwilioToken: true })
    expect((await twilio(form, 'another')).status).toBe(401)
    const answer = await twilio(form)
    expect(answer.headers.get('Content-Type')).toContain('text/xml')
    expect(await answer.text()).toContain('<Response></Response>')
    expect(await statuses(world)).toEqual({ ana: 'opted_out' })
    await twilio({ ...form, Body: 'START', MessageSid: 'SM2' })
    // An old message that is sent again does not opt the contact out again.
    expect((await twilio(form)).status).toBe(200)
    expect(await statuses(world)).toEqual({ ana: 'opted_in' })
  })
})
