import { describe, expect, it } from 'vitest'
import { EXPORT_FORMATS, type ExportFormat, type FormatColumn, HELD_OUT_FORMATS } from '../../testing/export-formats.ts'
import { suggestColumns } from '../suggestion.ts'

/** The share of columns of all formats that must have a right suggestion, or rightly none. */
const LEAST_RIGHT = 0.95

interface Scored {
  format: string
  column: FormatColumn
  to: string | null
  right: boolean
}

function scored({ name, country, columns }: ExportFormat): Scored[] {
  const found = suggestColumns(
    columns.map(({ header, values }) => ({ name: header, values: values.filter((value) => value !== '') })),
    country,
  )
  return columns.map((column, i) => {
    const to = found[i]?.to ?? null
    return { format: name, column, to, right: to === null ? column.optional : isAmong(column.targets, to) }
  })
}

/** Numbers may be in any place. */
function isAmong(targets: readonly string[], to: string): boolean {
  return targets.includes(to) || (targets.includes('number') && /^number\d*$/.test(to))
}

const shown = ({ format, column, to }: Scored) => `${format}: ${column.header} → ${to}`

describe.each([
  ['exports of well-known products', EXPORT_FORMATS, 25],
  ['exports that the suggestions were not made for', HELD_OUT_FORMATS, 20],
])('the suggestions for %s', (_, formats, fewest) => {
  const all = formats.flatMap(scored)

  it('at least 95 % of the columns get the right suggestion, or rightly none', () => {
    expect(formats.length).toBeGreaterThanOrEqual(fewest)
    const wrong = all.filter(({ right }) => !right)
    expect(1 - wrong.length / all.length, wrong.map(shown).join('\n')).toBeGreaterThanOrEqual(LEAST_RIGHT)
  })

  it('no column of somebody else, no birthday, place or postal code and no blank ID gets a suggestion', () => {
    expect(all.filter(({ column, to }) => column.never && to !== null).map(shown)).toEqual([])
  })
})
