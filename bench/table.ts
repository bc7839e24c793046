import type { Measured, Watched } from './figures.ts'
import { mostLive } from './inspector.ts'
import type { Result } from './measure.ts'
import type { Unit } from './scenario.ts'

/**
 * Returns the figures of one size as rows of text, the header first. Each work has Muster's time, the contacts it wrote
 * and its cost, then the time of each other tool and the ratio of Muster's time to it.
 */
export function tableOf({ size, results }: Measured): string[][] {
  const own = results.filter((result) => result.own)
  const others = [...new Set(results.filter((result) => !result.own).map((result) => result.tool))]
  const header = ['', 'Muster', 'a row', 'contacts written', 'rows written', 'D1 queries', 'live memory', 'process']
  return [[...header, ...others.flatMap((name) => [name, 'ratio'])], ...own.map((result) => lineOf(result))]

  function lineOf({ work, seconds, contacts, cost }: Result): string[] {
    return [
      work,
      `${seconds.toFixed(2)} s`,
      `${((seconds / size.rows) * 1e6).toFixed(0)} µs`,
      grouped(contacts),
      grouped(cost?.rowsWritten),
      grouped(cost?.queries),
      megabytes(cost === null ? null : mostLive(cost)),
      megabytes(cost?.processMemory),
      ...others.flatMap((name) => {
        const other = results.find((result) => result.tool === name && result.work === work)
        return other === undefined
          ? ['–', '–']
          : [`${other.seconds.toFixed(2)} s`, `${(seconds / other.seconds).toFixed(2)} ×`]
      }),
    ]
  }
}

function grouped(figure: number | null | undefined): string {
  return figure?.toLocaleString('en') ?? '–'
}

function megabytes(bytes: number | null | undefined): string {
  return bytes == null || Number.isNaN(bytes) ? '–' : `${(bytes / 1e6).toFixed(0)} MB`
}

/** Returns a figure with its unit. */
export function shownFigure(value: number | undefined, unit: Unit): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  if (unit === '') return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2)
  return `${value.toFixed(unit === 'MB' || unit === 'ms' ? 0 : 2)} ${unit}`
}

/** Returns the figures of a scenario as rows of text, the header first; with another commit's figures, if it was measured. */
export function tableOfFigures(figures: Watched['figures'], beside: string | null): string[][] {
  const header = ['', 'Muster', ...(beside === null ? [] : [`at ${beside}`])]
  return [
    header,
    ...figures.map(({ what, value, unit, before }) => [
      what,
      shownFigure(value, unit),
      ...(beside === null ? [] : [shownFigure(before, unit)]),
    ]),
  ]
}

/** Formats rows of text for a terminal: the first column to the left, the others, which are figures, to the right. */
export function inColumns(rows: string[][]): string {
  const widths = widthsOf(rows)
  return rows
    .map((row) =>
      row
        .map((text, column) => padded(text, column, widths))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Formats rows of text as a table in Markdown. */
export function inMarkdown(rows: string[][]): string {
  const widths = widthsOf(rows)
  const [header = [], ...lines] = rows.map(
    (row) => `| ${row.map((text, column) => padded(text, column, widths)).join(' | ')} |`,
  )
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [header, `| ${rule.join(' | ')} |`, ...lines].join('\n')
}

function widthsOf(rows: string[][]): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)))
}

function padded(text: string, column: number, widths: number[]): string {
  const width = widths[column] ?? 0
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}
