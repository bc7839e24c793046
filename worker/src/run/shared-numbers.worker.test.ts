import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { ProblemView } from '../api/views/run.ts'
import { csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const NUMBER = '6045550155'
const person = (ID: string, number: string): Person => ({ ID, Name: `Person ${ID}`, Number: number })

async function warnings(world: World, run: string): Promise<string[]> {
  const { items } = await world.api<{ items: ProblemView[] }>('GET', `/api/runs/${run}/problems`)
  return items.map(({ row, severity, code, message }) => `${row} ${severity} ${code} ${message.split('.')[0]}`)
}

describe('a mobile number that another contact of the directory has', () => {
  it('a mobile number shared with a contact of another source or a manual contact is a warning that names both', async () => {
    const world = await World.start()
    const numbers = [{ number: '+16045550155', type: 'mobile' }]
    await world.api('POST', '/api/contacts', { id: 'hand', name: 'By hand', groups: ['Office'], numbers })
    const one = await world.source({ limits: NO_LIMITS })
    const other = await world.source({ limits: NO_LIMITS })
    const first = await world.import(one, csvOf([person('one', NUMBER), person('third', '6045550156')]))
    expect(await warnings(world, first.id)).toEqual([
      '2 warning number_shared The mobile number +16045550155 of “one” is also that of “hand”',
    ])
    const second = await world.import(other, csvOf([person('another', '6045550156'), person('two', NUMBER)]))
    expect(await warnings(world, second.id)).toEqual([
      '2 warning number_shared The mobile number +16045550156 of “another” is also that of “third”',
      '3 warning number_shared The mobile number +16045550155 of “two” is also that of “hand”',
    ])
    expect(second.counts).toMatchObject({ added: 2, errors: 0, warnings: 2 })
  })

  it('a shared number is no warning if the other contact is removed by the same import or has the same ID in another source', async () => {
    const world = await World.start()
    const one = await world.source({ limits: NO_LIMITS })
    const other = await world.source({ limits: NO_LIMITS })
    await world.import(one, csvOf([person('leaves', NUMBER), person('stays', '6045550156')]))
    const next = await world.import(one, csvOf([person('comes', NUMBER), person('stays', '6045550156')]))
    expect(await warnings(world, next.id)).toEqual([])
    const same = await world.import(other, csvOf([person('stays', '6045550156')]))
    expect(await warnings(world, same.id)).toEqual([])
  })
})

describe('the report of shared numbers', () => {
  const people = [
    person('one', NUMBER),
    { ...person('two', NUMBER), 'Email Address': 'none-such' },
    person('three', '6045550156'),
    { ...person('four', '6045550157'), 'Email Address': 'none-such' },
    person('five', NUMBER),
    { ...person('two', '6045550158') },
  ]

  it.each([1_000_000, 1])(
    'names a row once with all of its problems, and leaves nothing in R2, if %s bytes of sorted records are in memory',
    async (spill) => {
      const world = await World.start()
      world.env.SPILL = spill
      const sorted = new Set<string>()
      world.env.FILES = new Proxy(env.FILES, {
        get(bucket, name) {
          if (name !== 'put') return Reflect.get(bucket, name).bind(bucket)
          return (key: string, value: ArrayBuffer) => {
            if (key.includes('-sorted/')) sorted.add(key)
            return bucket.put(key, value)
          }
        },
      })
      const source = await world.source({ limits: NO_LIMITS })
      const run = await world.import(source, csvOf(people))
      expect((await warnings(world, run.id)).map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
        '2 warning number_shared',
        // The rows of “two” are not next to each other and are read last. The report is in the order of the file.
        '3 warning email_unreadable',
        '3 warning number_shared',
        '5 warning email_unreadable',
        '6 warning number_shared',
      ])
      expect(run.counts).toMatchObject({ added: 5, errors: 0, warnings: 4 })
      expect(sorted.size > 0).toBe(spill === 1)
      const { objects } = await env.FILES.list()
      expect(objects.map(({ key }) => key).filter((key) => key.includes('-sorted/'))).toEqual([])
    },
  )
})

it('a CSV row with more cells than the header is an error, and its contact is not imported', async () => {
  const world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  const file = csvOf([person('long', NUMBER), person('whole', '6045550156')])
  const run = await world.import(source, file.replace(/(Person long[^\r\n]*)/, '$1,more'))
  expect((await warnings(world, run.id)).map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
    '2 error row_too_long',
  ])
  expect(run.counts).toMatchObject({ added: 1, errors: 1, warnings: 0 })
})
