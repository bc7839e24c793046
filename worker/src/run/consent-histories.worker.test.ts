import { describe, expect, it } from 'vitest'
import { fileOf, MAPPINGS, type Row, SMS_VALUES } from '../testing/consent/roster.ts'
import { people, setSms } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

const ANA: Row = {
  id: '1',
  name: 'Ana Adams',
  mobile: '+16045550111',
  landline: '',
  email: 'ana@example.org',
  sms: 'Y',
}
const BEN: Row = {
  id: '2',
  name: 'Ben Brown',
  mobile: '+16045550122',
  landline: '',
  email: 'ben@example.org',
  sms: 'Y',
}

/** A Muster whose source has imported these rows. */
async function imported(...rows: Row[]) {
  const world = await World.start()
  let source = await world.source({ mapping: MAPPINGS.file, smsStatus: SMS_VALUES, limits: NO_LIMITS })
  let versions = 0
  const reads = async (...file: Row[]) => {
    const run = await world.import(source, fileOf(file, `v${++versions}`))
    expect(run.status).toBe('succeeded')
    return run
  }
  /** Deletes the source with its contacts, and makes it anew. */
  const anew = async () => {
    await world.api('DELETE', `/api/sources/${source}?contacts=remove`)
    source = await world.source({ mapping: MAPPINGS.file, smsStatus: SMS_VALUES, limits: NO_LIMITS })
  }
  await reads(...rows)
  return { world, reads, anew }
}

/** Returns the SMS status and the number that a text goes to, by name. */
async function outcome(world: World): Promise<Record<string, string>> {
  const contacts = [...(await people(world)).values()]
  return Object.fromEntries(contacts.map(({ name, sms }) => [name, sms.status]))
}

async function reached(world: World): Promise<string[]> {
  const { items: groups } = await world.api<{ items: { id: string }[] }>('GET', '/api/groups')
  const path = `/api/groups/${groups[0]?.id}/recipients?channel=sms`
  return (await world.api<{ items: { number: string }[] }>('GET', path)).items.map(({ number }) => number)
}

describe('an opt-out follows the person who made it, and nobody else', () => {
  it('a person who opted out and then got a new number is still out after the source is deleted and made anew', async () => {
    const { world, reads, anew } = await imported(ANA, BEN)
    await setSms(world, '1', 'opted_out')
    const moved = { ...ANA, mobile: '+16045550112' }
    await reads(moved, BEN)
    await anew()
    await reads(moved, BEN)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out', 'Ben Brown': 'opted_in' })
    expect(await reached(world)).toEqual([BEN.mobile])
  })

  it('a person with two numbers who sent STOP from one is still out when the source made anew has only the other', async () => {
    const other = '+16045550123'
    const { world, reads, anew } = await imported({ ...ANA, landline: other }, BEN)
    await takeText(world.env, { id: '1', from: ANA.mobile, body: 'STOP' }, Date.now())
    await anew()
    await reads({ ...ANA, mobile: other }, BEN)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out', 'Ben Brown': 'opted_in' })
    expect(await reached(world)).toEqual([BEN.mobile])
  })

  it('a person who opted out with a landline is still out when the number comes back as a mobile', async () => {
    const landline = { ...ANA, mobile: '', landline: ANA.mobile }
    const { world, reads, anew } = await imported(landline, BEN)
    await setSms(world, '1', 'opted_out')
    await anew()
    await reads(ANA, BEN)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out', 'Ben Brown': 'opted_in' })
    expect(await reached(world)).toEqual([BEN.mobile])
  })

  it('a person who opted out, left, returned with a new number and then got a new ID is still out', async () => {
    const { world, reads } = await imported(ANA, BEN)
    await setSms(world, '1', 'opted_out')
    await reads(BEN)
    const moved = { ...ANA, mobile: '+16045550112' }
    await reads(moved, BEN)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out', 'Ben Brown': 'opted_in' })
    await reads({ ...moved, id: '9' }, BEN)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out', 'Ben Brown': 'opted_in' })
    expect(await reached(world)).toEqual([BEN.mobile])
  })

  it('a person who opted out and gets a new number on the page is out for everybody who has that number', async () => {
    const world = await World.start()
    const mobile = (number: string) => [{ number, type: 'mobile' }]
    const ana = { id: '1', name: 'Ana Adams', numbers: mobile(ANA.mobile), groups: ['All'] }
    const { key } = await world.api<{ key: string }>('POST', '/api/contacts', ana)
    await setSms(world, '1', 'opted_out')
    await world.api('PATCH', `/api/contacts/${key}`, { numbers: mobile('+16045550115') })
    const cal = { id: '3', name: 'Cal Cole', numbers: mobile('+16045550115'), groups: ['All'] }
    await world.api('POST', '/api/contacts', cal)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out', 'Cal Cole': 'opted_out' })
    expect(await reached(world)).toEqual([])
  })

  it('where IDs are row numbers and the rows are sorted anew, the person who opted out is out under the new ID, and the person who has the old ID is not', async () => {
    const { world, reads } = await imported(ANA, BEN)
    await setSms(world, '1', 'opted_out')
    const run = await reads({ ...BEN, id: ANA.id }, { ...ANA, id: BEN.id })
    expect((await people(world)).get('2')).toMatchObject({ name: 'Ana Adams', sms: { status: 'opted_out' } })
    expect((await people(world)).get('1')).toMatchObject({ name: 'Ben Brown' })
    expect((await people(world)).get('1')?.sms.status).not.toBe('opted_out')
    expect(await reached(world)).toEqual([BEN.mobile])
    await world.api('POST', `/api/runs/${run.id}/undo`)
    await world.drain()
    expect((await people(world)).get('1')).toMatchObject({ name: 'Ana Adams', sms: { status: 'opted_out' } })
    expect((await people(world)).get('2')).toMatchObject({ name: 'Ben Brown' })
    expect((await people(world)).get('2')?.sms.status).not.toBe('opted_out')
    expect(await reached(world)).toEqual([BEN.mobile])
  })

  it('a person who sent START while they were away is opted in by the source when they are back', async () => {
    const { world, reads } = await imported(ANA, BEN)
    await takeText(world.env, { id: '1', from: ANA.mobile, body: 'STOP' }, Date.now())
    await reads(BEN)
    await takeText(world.env, { id: '2', from: ANA.mobile, body: 'START' }, Date.now())
    await reads(ANA, BEN)
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_in', 'Ben Brown': 'opted_in' })
  })

  it('a person whose row adopts the contact of somebody who had opted out is out by the row’s own opt-out', async () => {
    const { world } = await imported({ ...ANA, sms: 'N' })
    const [source] = (await world.api<{ items: { id: string }[] }>('GET', '/api/sources')).items
    await world.api('DELETE', `/api/sources/${source?.id}?contacts=keep`)
    const second = await world.source({ mapping: MAPPINGS.file, smsStatus: SMS_VALUES, limits: NO_LIMITS })
    const run = await world.import(second, fileOf([{ ...BEN, id: ANA.id, sms: 'N' }], 'v'))
    expect(run).toMatchObject({ status: 'succeeded', counts: { updated: 1 } })
    expect(await outcome(world)).toEqual({ 'Ben Brown': 'opted_out' })
    expect(await reached(world)).toEqual([])
  })

  it('START from the first number of a person who left frees who has the person’s last number by now', async () => {
    const last = '+16045550116'
    const { world, reads } = await imported(ANA, BEN)
    await takeText(world.env, { id: '1', from: ANA.mobile, body: 'STOP' }, Date.now())
    await reads({ ...ANA, mobile: last }, BEN)
    await reads(BEN)
    await reads({ ...BEN, mobile: last })
    expect(await outcome(world)).toEqual({ 'Ben Brown': 'opted_out' })
    await world.env.DB.prepare('DELETE FROM contact WHERE removed_at IS NOT NULL').run()
    await takeText(world.env, { id: '2', from: ANA.mobile, body: 'START' }, Date.now())
    expect(await outcome(world)).toEqual({ 'Ben Brown': 'opted_in' })
    expect(await reached(world)).toEqual([last])
  })

  it('a person who comes back with a new number and is opted in frees who has the old number by now', async () => {
    const { world, reads } = await imported(ANA, BEN)
    await setSms(world, '1', 'opted_out')
    await reads(BEN)
    await reads({ ...BEN, mobile: ANA.mobile }, { ...ANA, mobile: '+16045550117' })
    expect(await outcome(world)).toEqual({ 'Ben Brown': 'opted_out', 'Ana Adams': 'opted_out' })
    await setSms(world, '1', 'opted_in')
    expect(await outcome(world)).toEqual({ 'Ben Brown': 'opted_in', 'Ana Adams': 'opted_in' })
  })

  it('a person who opted out as a manual contact is out again when the ID that a source gave to another person names them again', async () => {
    const world = await World.start()
    const { mobile: number, name } = ANA
    const manual = { id: '1', name, numbers: [{ number, type: 'mobile' }], groups: ['All'] }
    await world.api('POST', '/api/contacts', manual)
    await setSms(world, '1', 'opted_out')
    const source = await world.source({ mapping: MAPPINGS.file, smsStatus: SMS_VALUES, limits: NO_LIMITS })
    await world.import(source, fileOf([{ ...BEN, id: '1' }], 'v1'))
    expect(await outcome(world)).toEqual({ 'Ben Brown': 'opted_in' })
    await world.import(source, fileOf([{ ...ANA, mobile: '+16045550112' }], 'v2'))
    expect(await outcome(world)).toEqual({ 'Ana Adams': 'opted_out' })
    expect(await reached(world)).toEqual([])
  })
})
