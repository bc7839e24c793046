import { beforeEach, describe, expect, it } from 'vitest'
import { college, edit, student } from '../../../local/demo/connect/college.ts'
import type { ConnectStandIn } from '../../../local/demo/connect/service.ts'
import type { SmsChangeView } from '../api/views/consent.ts'
import type { SourceView } from '../api/views/source.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { clockAdvanced, people, setSms, statuses } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

const ANA = '100001'
let world: World
let service: ConnectStandIn
let source: string

beforeEach(async () => {
  world = await World.start()
  service = college()
  service.contacts = [student(0), student(1, { smsstatus: 'Y' })]
  world.remote = remoteOf(service)
  const settings = collegeSource(service)
  const mapping = [...(settings.mapping as object[]), { column: 'SMS Status', to: 'smsStatus' }]
  source = await world.source({
    ...settings,
    mapping,
    changesOnly: false,
    limits: NO_LIMITS,
    notify: { emails: ['a@example.org'] },
  })
  await world.import(source, remoteOf(service))
})

const remote = () => service.contacts[1]?.smsstatus
const writeBack = async () => (await people(world)).get(ANA)?.sms.writeBack
const writes = () => service.calls.filter(({ given }) => given.value !== undefined).map(({ given }) => given.value)

async function ledger(): Promise<SmsChangeView[]> {
  const key = (await people(world)).get(ANA)?.key
  return (await world.api<{ items: SmsChangeView[] }>('GET', `/api/contacts/${key}/sms-changes`)).items
}

describe('write-back', () => {
  // Seed: “The field needs to exist on the contact record in Connect so that Mongoose can update it if a contact's opt
  // out status changes.”
  it('a write-back sends Connect a status that was set here, and is confirmed when a later run reads it back', async () => {
    await setSms(world, ANA, 'opted_out')
    expect(await writeBack()).toBe('pending')
    await world.drain()
    expect([remote(), await writeBack()]).toEqual(['N', 'sent'])
    await clockAdvanced()
    await world.import(source, remoteOf(service))
    expect([await writeBack(), (await statuses(world))[ANA]]).toEqual(['confirmed', 'opted_out'])
    expect(await ledger()).toMatchObject([
      { status: 'opted_out', by: 'admin@example.org', reason: 'Asked for it by telephone', writeBack: 'confirmed' },
      { status: 'opted_in', by: 'source', writeBack: null },
    ])
    // The source has shown the opt-out, so a new opt-in in Connect counts.
    edit(service.contacts[1], Date.now(), { smsstatus: 'Y' })
    await world.import(source, remoteOf(service))
    expect((await statuses(world))[ANA]).toBe('opted_in')
  })

  it('a write-back sends the first of several values', async () => {
    await world.api('PATCH', `/api/sources/${source}`, { smsStatus: { optedOut: ['No thanks', 'N'] } })
    await setSms(world, ANA, 'opted_out')
    await world.drain()
    expect([remote(), await writeBack()]).toEqual(['No thanks', 'sent'])
    await clockAdvanced()
    await world.import(source, remoteOf(service))
    expect([await writeBack(), (await statuses(world))[ANA]]).toEqual(['confirmed', 'opted_out'])
  })

  it('an import that reads the previous value does not undo a pending write-back', async () => {
    await setSms(world, ANA, 'opted_out')
    const held = world.messages
    world.messages = []
    await world.import(source, remoteOf(service))
    expect((await statuses(world))[ANA]).toBe('opted_out')
    world.messages = held
    await world.drain()
    expect(remote()).toBe('N')
  })

  it('a write-back that is delivered twice, or lost and sent again, ends with the newest status', async () => {
    await setSms(world, ANA, 'opted_out')
    await setSms(world, ANA, 'opted_in')
    await setSms(world, ANA, 'opted_out')
    await world.drain(2)
    expect(writes()).toEqual(['N'])
    await setSms(world, ANA, 'opted_in')
    world.messages = []
    await world.tick(1)
    await world.drain()
    expect([remote(), await writeBack()]).toEqual(['Y', 'sent'])
    expect((await ledger()).map((entry) => entry.writeBack)).toEqual(['sent', 'sent', 'superseded', 'superseded', null])
  })

  it('a newer status is not sent before the attempt with the older one has ended', async () => {
    await setSms(world, ANA, 'opted_out')
    const answer = remoteOf(service)
    const [first] = world.messages.splice(0)
    let meanwhile = false
    world.remote = async (request) => {
      if (!meanwhile) {
        meanwhile = true
        await setSms(world, ANA, 'opted_in')
        await world.drain()
        expect(writes()).toEqual([])
      }
      return answer(request)
    }
    if (first !== undefined) await world.deliver(first.step)
    await world.drain()
    expect([meanwhile, writes(), remote(), await writeBack()]).toEqual([true, ['N', 'Y'], 'Y', 'sent'])
  })

  it('a write-back survives a crash of the Worker at any call', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; call <= 8; call++) {
        const status = call % 2 === 0 ? 'opted_in' : 'opted_out'
        await setSms(world, ANA, status)
        world.faults.crashAt(call, when)
        await world.drain()
        world.faults.restart()
        // Lets the time for an attempt pass.
        await world.env.DB.prepare('UPDATE sms_change SET next_at = 0 WHERE next_at IS NOT NULL').run()
        await world.tick(6)
        await world.drain()
        expect([when, call, remote()]).toEqual([when, call, status === 'opted_in' ? 'Y' : 'N'])
      }
    }
  })

  it('a write-back that fails is retried and given up after a day, and the recipients get one e-mail', async () => {
    await setSms(world, ANA, 'opted_out')
    service.trouble = { is: 'text', text: 'System is down for maintenance' }
    await world.drain()
    expect([remote(), await writeBack(), (await ledger())[0]?.failure]).toEqual(['Y', 'pending', 'server_error'])
    // Nothing ran for a day, so it is tried once more before it is given up.
    world.passTime(25 * 60 * 60_000)
    await world.tick(0)
    await world.drain()
    expect([await writeBack(), (await ledger())[0]?.failure]).toEqual(['pending', 'server_error'])
    world.passTime(3 * 60_000)
    await world.tick(0)
    await world.drain()
    expect(await writeBack()).toBe('given_up')
    const reported = world.mails.filter(({ subject }) => subject.includes('SMS status'))
    expect(reported.map(({ to }) => to)).toEqual([['a@example.org']])
    expect(reported[0]?.text).toContain(
      'Given1 Family1, ID 100001: opted out here; the source could not be told for a day',
    )
    expect((await statuses(world))[ANA]).toBe('opted_out')
  })

  it('a write-back that failed before an outage of more than a day reaches the source after it', async () => {
    await setSms(world, ANA, 'opted_out')
    service.trouble = { is: 'text', text: 'System is down for maintenance' }
    await world.drain()
    service.trouble = null
    world.passTime(26 * 60 * 60_000)
    await world.tick(0)
    await world.drain()
    expect([remote(), await writeBack()]).toEqual(['N', 'sent'])
  })

  it('a write-back that the source does not keep is a conflict, and is reported', async () => {
    await setSms(world, ANA, 'opted_out')
    await world.drain()
    edit(service.contacts[1], Date.now(), { smsstatus: 'Y' })
    await clockAdvanced()
    await world.import(source, remoteOf(service))
    expect([await writeBack(), (await statuses(world))[ANA]]).toEqual(['conflict', 'opted_out'])
    await world.tick(1)
    await world.drain()
    expect(world.mails.at(-1)?.text).toContain('the source shows something else')
  })

  it('an opt-out in Connect counts, also if Muster once wrote the same value and then another one', async () => {
    await world.api('PATCH', `/api/sources/${source}`, { connection: { modifiedAttribute: 'Modified Date' } })
    for (const changesOnly of [false, true]) {
      await world.api('PATCH', `/api/sources/${source}`, { changesOnly })
      for (const status of ['opted_out', 'opted_in'] as const) {
        await setSms(world, ANA, status)
        await world.drain()
      }
      await world.import(source, remoteOf(service))
      // The older status was sent, too, but it is not what Connect ought to show.
      expect((await ledger()).filter((entry) => entry.writeBack === 'conflict')).toEqual([])
      expect([await writeBack(), (await statuses(world))[ANA]]).toEqual(['confirmed', 'opted_in'])
      edit(service.contacts[1], Date.now(), { smsstatus: 'N' })
      await world.import(source, remoteOf(service))
      expect((await statuses(world))[ANA]).toBe('opted_out')
      await clockAdvanced()
    }
  })

  it('an opt-out in Connect that was read before a write-back counts, and what the write-back wrote does not end it', async () => {
    edit(service.contacts[1], Date.now(), { smsstatus: 'N' })
    await world.api('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
    const [fetch] = world.messages.splice(0, 1)
    if (fetch !== undefined) await world.deliver(fetch.step)
    await clockAdvanced()
    await setSms(world, ANA, 'opted_in')
    const last = world.messages.pop()
    expect(last?.step.step).toBe('writeBack')
    if (last !== undefined) await world.deliver(last.step)
    await world.drain()
    expect([remote(), (await statuses(world))[ANA]]).toEqual(['Y', 'opted_out'])
    await clockAdvanced()
    await world.import(source, remoteOf(service))
    expect((await statuses(world))[ANA]).toBe('opted_out')
  })

  it('a plan that is rejected as a whole does not confirm what was written', async () => {
    // What was written is what an earlier import read, and not what the source shows now.
    edit(service.contacts[1], Date.now(), { smsstatus: 'N' })
    await world.import(source, remoteOf(service))
    for (const status of ['opted_in', 'opted_out'] as const) {
      await clockAdvanced()
      await setSms(world, ANA, status)
      await world.drain()
    }
    await clockAdvanced()
    expect([remote(), await writeBack()]).toEqual(['N', 'sent'])
    edit(service.contacts[1], Date.now(), { smsstatus: 'Y' })
    const limits = { ...NO_LIMITS, added: { percent: 0, atLeast: 1 } }
    await world.api('PATCH', `/api/sources/${source}`, { hold: 'whole', limits })
    service.contacts.push(student(2))
    const { id, status } = await world.import(source, remoteOf(service))
    expect([status, await writeBack()]).toEqual(['held', 'sent'])
    await world.api('POST', `/api/runs/${id}/reject`)
    await world.drain()
    expect([(await world.run(id)).status, await writeBack()]).toEqual(['rejected', 'sent'])
    // Other bytes with the same changes are rejected without a question.
    service.contacts.reverse()
    const answer = await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
    const again = (await answer.json<{ id: string }>()).id
    await world.drain()
    expect([(await world.run(again)).status, await writeBack()]).toEqual(['rejected', 'sent'])
  })

  it('an import without the column of the status neither confirms nor contradicts what was written', async () => {
    const { mapping } = await world.api<SourceView>('GET', `/api/sources/${source}`)
    const without = mapping?.filter(({ to }) => to !== 'smsStatus')
    await setSms(world, ANA, 'opted_out')
    await world.drain()
    await world.api('PATCH', `/api/sources/${source}`, { mapping: without })
    await clockAdvanced()
    await world.import(source, remoteOf(service))
    expect(await writeBack()).toBe('sent')
    await setSms(world, ANA, 'opted_in')
    await world.drain()
    await world.api('PATCH', `/api/sources/${source}`, { mapping })
    await world.import(source, remoteOf(service))
    // Connect still shows what was written first, since the opt-in could not be written meanwhile.
    expect([remote(), (await statuses(world))[ANA]]).toEqual(['N', 'opted_in'])
  })

  it('a contact that is out only because of a shared number is in the file of opt-outs and is not written to Connect', async () => {
    edit(service.contacts[0], Date.now(), { mobile: String(service.contacts[1]?.mobile) })
    await world.import(source, remoteOf(service))
    await setSms(world, ANA, 'opted_out')
    await world.drain()
    expect(await statuses(world)).toEqual({ [ANA]: 'opted_out', 100000: 'opted_out' })
    expect(service.calls.flatMap(({ given }) => (given.value === undefined ? [] : given.contactId))).toEqual([ANA])
    const answer = await world.request('GET', `/api/sources/${source}/opt-outs.csv`)
    expect((await answer.text()).match(/^10000\d/gm)).toEqual(['100000', ANA])
    // The other contact has a number of its own again, and nothing of the opt-out is left in either system.
    edit(service.contacts[0], Date.now(), { mobile: '6045550150' })
    await world.import(source, remoteOf(service))
    expect((await statuses(world))['100000']).not.toBe('opted_out')
    expect(service.contacts[0]?.smsstatus ?? '').toBe('')
  })

  it('what Muster wrote opts nobody out after START from a number that the contact no longer has', async () => {
    const number = (await people(world)).get(ANA)?.numbers[0]?.number ?? ''
    const text = (id: string, body: string) => takeText(world.env, { id, from: number, body }, Date.now())
    await text('first', 'STOP')
    await world.drain()
    await clockAdvanced()
    edit(service.contacts[1], Date.now(), { mobile: '6045550199' })
    await world.import(source, remoteOf(service))
    expect([remote(), await writeBack(), (await statuses(world))[ANA]]).toEqual(['N', 'confirmed', 'opted_out'])
    await text('second', 'START')
    expect((await statuses(world))[ANA]).toBe('unknown')
    edit(service.contacts[1], Date.now(), { lastname: 'Family' })
    await world.import(source, remoteOf(service))
    expect((await statuses(world))[ANA]).toBe('unknown')
  })

  it('a write-back does not take back an opt-out that the source made in the meantime', async () => {
    edit(service.contacts[1], Date.now(), { smsstatus: 'N' })
    await world.import(source, remoteOf(service))
    await setSms(world, ANA, 'opted_in')
    world.messages = []
    edit(service.contacts[1], Date.now(), { smsstatus: '' })
    await world.import(source, remoteOf(service))
    world.messages = world.messages.filter(({ step }) => step.step !== 'writeBack')
    edit(service.contacts[1], Date.now(), { smsstatus: 'N' })
    await world.import(source, remoteOf(service))
    await world.tick(1)
    await world.drain()
    expect([remote(), (await statuses(world))[ANA], writes()]).toEqual(['N', 'opted_out', []])
  })
})

it('a source without write-back offers the statuses set here as a file', async () => {
  await world.api('PATCH', `/api/sources/${source}`, { connection: { sourceCode: null } })
  await setSms(world, ANA, 'opted_out')
  expect(await writeBack()).toBeNull()
  const answer = await world.request('GET', `/api/sources/${source}/opt-outs.csv`)
  const [header, ...rows] = (await answer.text()).trim().split('\r\n')
  expect(header).toBe('ID,Name,Number,SMS Status,When')
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatch(/^100001,Given1 Family1,16045550001,Opted out,20/)
})
