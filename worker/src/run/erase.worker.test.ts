import { expect, it } from 'vitest'
import type { ErasureView } from '../api/views/consent.ts'
import { OPTED_MAPPING, optedFile, people, setSms } from '../testing/opted.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

const FIRST = '+16045550171'
const LAST = '+16045550172'
const BEN = { id: 'ben', sms: 'Y' }

/** Everything that the database knows of contacts and decisions, as text. */
async function everything({ env }: World): Promise<string> {
  const tables = [
    'contact',
    'contact_number',
    'decision',
    'decision_holder',
    'number_opt_out',
    'contact_opt_out',
    'sms_change',
  ]
  const rows = await Promise.all(
    tables.map(async (name) => (await env.DB.prepare(`SELECT * FROM ${name}`).all()).results),
  )
  return JSON.stringify(rows)
}

it('a person who was erased is in no decision, whichever way the person opted out and in before', async () => {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  // The row has no name at first, so that its opt-out counts for the number only, until START.
  await world.import(source, optedFile([BEN, { id: 'ana', name: '', sms: 'N', number: FIRST }]))
  await takeText(world.env, { id: '1', from: FIRST, body: 'START' }, Date.now())
  await world.import(source, optedFile([BEN, { id: 'ana', name: 'Ana Adams', sms: 'N', number: FIRST }]))
  await takeText(world.env, { id: '2', from: FIRST, body: 'STOP' }, Date.now())
  await world.import(source, optedFile([BEN, { id: 'ana', name: 'Ana Adams', sms: 'N', number: LAST }]))
  await world.import(source, optedFile([BEN]))
  await world.import(source, optedFile([BEN, { id: 'ana', name: 'Ana Adams', sms: '', number: LAST }]))
  await takeText(world.env, { id: '3', from: FIRST, body: 'START' }, Date.now())
  await setSms(world, 'ana', 'opted_in')
  const key = (await people(world)).get('ana')?.key
  await world.api<ErasureView>('POST', `/api/contacts/${key}/erase`, { reason: 'Asked by letter' })
  expect([...(await people(world)).keys()]).toEqual(['ben'])
  const text = await everything(world)
  for (const value of ['Ana Adams', '"ana"', '\\"ana\\"', LAST]) expect(text, value).not.toContain(value)
})
