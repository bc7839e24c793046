import { describe, expect, it } from 'vitest'
import { PlannedDirectory } from '../testing/planned-directory.ts'
import type { MappingColumn } from './mapping.ts'

const COLUMNS: MappingColumn[] = [
  { column: 'ID', to: 'id' },
  { column: 'Name', to: 'name' },
  { column: 'Job', to: 'title' },
  { column: 'Phone', to: 'number', type: 'mobile' },
  { column: 'Text', to: 'smsStatus' },
]
const ANA = ['a', 'Ana Lee', '', '6045550101']
const BEN = ['a', 'Ben Roy', '', '6045550102']

/** Imports the first row and plans the second. Returns the changes of the plan that are only opt-outs. */
async function planned(first: readonly string[], second: readonly string[]) {
  const directory = new PlannedDirectory()
  const sheet = (cells: readonly string[]) => [COLUMNS.map(({ column }) => column ?? ''), cells]
  await directory.import(sheet(first), { mapping: COLUMNS })
  const { changes, planned } = await directory.plan(sheet(second), { mapping: COLUMNS })
  return { optOuts: changes.filter(({ op }) => op === 'sms'), planned }
}

describe('an opt-out in the row of a contact that the source has', () => {
  it.each(['Y', 'N'])(
    'has the numbers of the row if the ID may name another person, who opts out after %s',
    async (was) => {
      const { optOuts, planned: plan } = await planned([...ANA, was], [...BEN, 'N'])
      const before = was === 'N' ? 'opted_out' : 'opted_in'
      expect(optOuts).toMatchObject([
        {
          before: { name: 'Ana Lee', numbers: [{ number: '+16045550101' }] },
          after: { name: 'Ben Roy', numbers: [{ number: '+16045550102' }] },
          sms: { means: 'opted_out', before, after: 'opted_out' },
        },
      ])
      expect([...plan.somebodyElse]).toEqual([1])
    },
  )

  it('is not planned again if the row changes nothing by which a person is recognised', async () => {
    const [id, name, , phone] = ANA
    expect((await planned([...ANA, 'N'], [id ?? '', name ?? '', 'Lead', phone ?? '', 'N'])).optOuts).toEqual([])
  })

  it('is not planned for a new number if the row says that the contact opts in', async () => {
    expect((await planned([...ANA, 'Y'], [...BEN, 'Y'])).optOuts).toEqual([])
  })
})
