import { expect, it } from 'vitest'
import { readField } from '../core/values/field.ts'
import { readGroups } from '../core/values/groups.ts'
import { RowReader } from '../formats/csv/rows.ts'
import { failureOf } from '../testing/connections/contract.ts'
import { type RecordCell, recordsBody } from './records.ts'

const bounds = { from: 'crm.example.org', maxBytes: 1_000_000 }

async function* given(...records: RecordCell[][]) {
  yield* records
}

async function fileOf(header: string[], ...records: RecordCell[][]): Promise<string[][]> {
  const text = await new Response(recordsBody(header, given(...records), bounds)).text()
  return new RowReader(',').read(text, true).batch.cells
}

it('a file of records has a header and a row for each record', async () => {
  expect(await fileOf(['Contact ID', 'First Name'], ['7', 'Ana'], ['8', null])).toEqual([
    ['Contact ID', 'First Name'],
    ['7', 'Ana'],
    ['8', ''],
  ])
  expect(await fileOf(['Contact ID'])).toEqual([['Contact ID']])
})

it('several values of one attribute are split again as lists and as groups, even if they hold delimiters', async () => {
  const several = ['Search, North', 'Rope; Swift', 'Dogs|Cats']
  for (const values of [several, ['Search, North'], ['Rope'], []]) {
    const [, row] = await fileOf(['ID', 'Groups'], ['7', values])
    const cell = row?.[1] ?? ''
    const groups = readGroups(cell)
    expect(groups.kind === 'value' ? groups.value.map(({ spelling }) => spelling) : []).toEqual(values)
    const list = readField(cell, { type: 'text', list: true }, 'US')
    expect(list.kind === 'value' ? list.value : []).toEqual(values)
  }
})

it('a file of records is made while they arrive, and stops them when its reader leaves', async () => {
  let made = 0
  let ended = false
  async function* endless() {
    try {
      for (;;) yield [String(++made), 'x'.repeat(100)]
    } finally {
      ended = true
    }
  }
  const reader = recordsBody(['ID', 'Name'], endless(), bounds).getReader()
  await reader.read()
  expect(made).toBeLessThan(1000)
  await reader.cancel()
  expect(ended).toBe(true)

  ended = false
  const tooMany = recordsBody(['ID', 'Name'], endless(), bounds)
  expect(await failureOf(() => new Response(tooMany).text())).toMatchObject({ code: 'too_large' })
  expect(ended).toBe(true)
})
