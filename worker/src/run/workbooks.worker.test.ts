import { expect, it } from 'vitest'
import type { ContactView } from '../api/views/contact.ts'
import type { RunView } from '../api/views/run.ts'
import { workbookOf } from '../testing/workbooks.ts'
import { World } from '../testing/world.ts'

const HEADER = ['ID', 'Name', 'Mobile', 'Team']
const MAPPING = [
  { column: 'ID', to: 'id' },
  { column: 'Name', to: 'name' },
  { column: 'Mobile', to: 'number', type: 'mobile' },
  { column: 'Team', to: 'groups' },
]

async function imported(world: World, bytes: Uint8Array, source?: string): Promise<RunView> {
  const id = source ?? (await world.source({ mapping: MAPPING }))
  return world.import(id, () => new Response(new Uint8Array(bytes)))
}

it('a workbook whose merged cells are only found at its end is planned with them', async () => {
  const world = await World.start()
  const padding = 'x'.repeat(20_000)
  const people = Array.from({ length: 300 }, (_, i) => [`E${i}`, `Person ${i}`, '', i === 0 ? 'Search' : '', padding])
  const run = await imported(world, await workbookOf([{ name: 'A', rows: [HEADER, ...people], merges: ['D2:D301'] }]))
  expect(run).toMatchObject({ status: 'succeeded', counts: { added: 300, errors: 0, warnings: 0 } })
  const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts?limit=500')
  expect(items.map(({ groups }) => groups)).toEqual(Array(300).fill(['Search']))
})

it('a run says which other sheets have the columns too, that its sheet is hidden, and which sheets there are if none has them', async () => {
  const world = await World.start()
  const source = await world.source({ mapping: MAPPING })
  const named = (name: string) => ({ name, rows: [HEADER, [`E-${name}`, 'Ana Lee', 6045550101, 'Search']] })
  const run = await imported(world, await workbookOf([named('Search'), named('Rope')]), source)
  expect(run).toMatchObject({ status: 'succeeded', counts: { added: 1, warnings: 1 } })
  const { items } = await world.api<{ items: { code: string; message: string }[] }>(
    'GET',
    `/api/runs/${run.id}/problems`,
  )
  expect(items).toMatchObject([{ code: 'several_sheets', message: expect.stringContaining('“Rope”') }])
  const shown = { name: 'Shown', rows: [['ID', 'Name']] }
  const hidden = await imported(world, await workbookOf([shown, { ...named('Search'), state: 'hidden' }]), source)
  const warned = await world.api<{ items: { code: string }[] }>('GET', `/api/runs/${hidden.id}/problems`)
  expect(warned.items).toMatchObject([{ code: 'hidden_sheet' }])
  const notes = {
    name: 'Notes',
    rows: [
      ['ID', 'Name'],
      ['E1', 'Ana'],
    ],
  }
  const failed = await imported(world, await workbookOf([notes, { name: 'Chart', rows: [] }]), source)
  expect(failed).toMatchObject({
    status: 'failed',
    failure: {
      code: 'header_missing',
      message: 'The file has no column “Mobile”, “Team”.',
      advice: expect.stringContaining('“Notes”, “Chart”'),
    },
  })
})

it('a formula without a result keeps what is stored', async () => {
  const world = await World.start()
  const source = await world.source({ mapping: MAPPING })
  const row = (team: string) => workbookOf([{ name: 'A', rows: [HEADER, ['E1', 'Ana Lee', 6045550101, team]] }])
  await imported(world, await row('Search'), source)
  const run = await imported(world, await row('<c><f>B2</f><v/></c>'), source)
  expect(run).toMatchObject({ counts: { unchanged: 1, warnings: 1 } })
})
