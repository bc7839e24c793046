import { describe, expect, it } from 'vitest'
import { toCsv, toXlsx } from '../../../local/demo/files.ts'
import { drivers, operators, roster, type Version, volunteers } from '../../../local/demo/roster.ts'
import type { RunView } from '../api/views/run.ts'
import { someOf } from '../testing/sample.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

type File = Uint8Array<ArrayBufferLike>

const served = (file: File) => () => new Response(new Uint8Array(file))

const GOLDEN = Object.entries(
  import.meta.glob<string>(['../formats/**/golden/**/*.{csv,xlsx}', '../formats/golden/*.{csv,xlsx}'], {
    query: '?url&inline',
    import: 'default',
    eager: true,
  }),
).map(([path, url]): [string, File] => {
  const bytes = Uint8Array.from(atob(url.split(',')[1] ?? ''), (letter) => letter.charCodeAt(0))
  return [path.replace(/.*golden\//, ''), bytes]
})

const DEMO: [string, (version: Version) => File][] = [
  ['roster.csv', (version) => toCsv(roster(version))],
  ['volunteers.xlsx', (version) => toXlsx(volunteers(version))],
  ['drivers.csv', (version) => toCsv(drivers(version))],
  ['radio-operators.csv', (version) => toCsv(operators(version))],
]

/** Returns all contacts as the CSV file that a person downloads. */
async function exported(world: World): Promise<string> {
  return (await world.request('GET', '/api/contacts.csv')).text()
}

async function undo(world: World, { id }: RunView): Promise<RunView> {
  const started = await world.api<{ id: string }>('POST', `/api/runs/${id}/undo`)
  await world.drain()
  const run = await world.run(started.id)
  expect(run).toMatchObject({ status: 'succeeded', counts: { warnings: 0, errors: 0 } })
  return run
}

/** Applies a file, undoes it, and undoes the undo. Expects the same export, byte for byte, each time. */
async function thereAndBack(world: World, source: string, file: File): Promise<RunView> {
  const before = await exported(world)
  const run = await world.import(source, served(file))
  if (run.status === 'held') {
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
  }
  const after = await exported(world)
  expect(after).not.toBe(before)
  const undoing = await undo(world, run)
  expect(await exported(world)).toBe(before)
  await undo(world, undoing)
  expect(await exported(world)).toBe(after)
  return world.run(run.id)
}

describe('the undo of an import restores the export', () => {
  it.each(someOf(GOLDEN))(
    'the undo of an import of the golden file %s restores the export byte for byte',
    async (_, file) => {
      const world = await World.start()
      await world.api('POST', '/api/contacts', { id: '007', name: 'Ana by hand', groups: ['Rope'], title: 'Lead' })
      await world.api('POST', '/api/contacts', { id: 'H1', name: 'By hand', groups: ['Rope'] })
      const mapping = [
        { column: 'ID', to: 'id' },
        { column: 'Name', to: 'name' },
        { column: 'Number', to: 'number', type: 'mobile' },
      ]
      const source = await world.source({ mapping, limits: NO_LIMITS })
      const run = await thereAndBack(world, source, file)
      expect(run.counts.added + run.counts.updated).toBeGreaterThan(0)
    },
  )

  it.each(someOf(DEMO))(
    'the undo of an import of each week of the demo file %s restores the export byte for byte',
    async (_, fileOf) => {
      const world = await World.start()
      const source = await world.source()
      for (const version of [1, 2, 3] as const) await thereAndBack(world, source, fileOf(version))
    },
  )
})
