import { expect, it } from 'vitest'
import { OPTED_MAPPING, optedFile, people, statuses } from '../testing/opted.ts'
import { World } from '../testing/world.ts'
import { takeText } from './sms.ts'

const CREW = Array.from({ length: 12 }, (_, i) => ({
  id: `p${10 + i}`,
  sms: '',
  number: `+160455510${10 + i}`,
}))

/** Starts an import of the crew in small chunks into a directory in which nobody has opted out. */
async function importing() {
  const world = await World.start()
  const source = await world.source(OPTED_MAPPING)
  world.env.PLAN_CHUNK = 300
  world.remote = optedFile(CREW)
  await world.api('POST', `/api/sources/${source}/runs`, { mode: 'apply' })
  for (const step of ['fetch', 'plan']) {
    const next = world.messages.shift()
    expect(next?.step.step).toBe(step)
    if (next !== undefined) await world.deliver(next.step)
  }
  return world
}

it.each([1, 2, 3])(
  'the first opt-out of a directory counts for a contact that a running import adds, before its chunk %i',
  async (chunk) => {
    const world = await importing()
    const { DB } = world.env
    let chunks = 0
    const batch: D1Database['batch'] = async (statements) => {
      if (++chunks === chunk) {
        world.env.DB = DB
        for (const { number } of [CREW[0], CREW[11]].flatMap((one) => one ?? []))
          await takeText(world.env, { id: number, from: number, body: 'STOP' }, Date.now())
      }
      return DB.batch(statements)
    }
    world.env.DB = new Proxy(DB, { get: (db, name) => (name === 'batch' ? batch : Reflect.get(db, name).bind(db)) })
    await world.drain()
    expect(chunks).toBe(chunk)
    const out = Object.entries(await statuses(world)).filter(([, status]) => status === 'opted_out')
    expect(out.map(([id]) => id)).toEqual(['p10', 'p21'])
    expect((await people(world)).size).toBe(CREW.length)
  },
)
