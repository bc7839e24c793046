import { givesRecords } from '../connections/facts.ts'
import { mappingOf, numberRequired, recordMapping } from '../connections/mapping.ts'
import type { RowBatch } from '../core/bytes.ts'
import { type Columns, findColumns } from '../core/columns.ts'
import type { PlanningRules, SavedFound } from '../core/plan-contract.ts'
import type { Row } from '../core/row.ts'
import { TEMPLATE } from '../core/template.ts'
import type { Table } from '../formats/table.ts'
import type { Known } from '../store/directory.ts'
import type { SourceRow } from '../store/sources.ts'

/** The parts of the directory that the reading of rows depends on. */
export type Directory = Pick<PlanningRules, 'fields' | 'userIds' | 'erased'>

/** Returns the rows of a batch from one position to another; null if there are none. */
export function rowsOf(batch: RowBatch, from: number, to: number): RowBatch | null {
  if (from >= to) return null
  if (from === 0 && to === batch.cells.length) return batch
  const rows = { numbers: batch.numbers.slice(from, to), cells: batch.cells.slice(from, to) }
  return batch.unfinished === true && to === batch.cells.length ? { ...rows, unfinished: true } : rows
}

/** Yields the batches in which the header was looked for, and then the rest. */
export async function* resumedRows(seen: readonly RowBatch[], rows: AsyncIterator<RowBatch>): AsyncGenerator<RowBatch> {
  try {
    yield* seen
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) yield next.value
  } finally {
    await rows.return?.()
  }
}

/**
 * Returns the meaning of each column. For the records of a CRM the header has columns that the mapping does not need to
 * name.
 */
export function columnsOf(first: readonly Row[], { connection, settings }: SourceRow, { details }: Table): Columns {
  const header = givesRecords(connection) ? (first[0]?.cells ?? []) : []
  const own = mappingOf(connection, settings.mapping)
  const mapping = own === null ? null : recordMapping(own, header)
  const rules = { numberRequired: numberRequired(connection), rows: settings.rows }
  return findColumns(first, mapping, { ...rules, ...details })
}

/** Returns the rules of planning that the source, the columns of its file and what it knows give. */
export function rulesOf(
  source: SourceRow,
  columns: Columns,
  known: Known,
): Omit<
  PlanningRules,
  keyof SavedFound | 'complete' | 'records' | 'fullRows' | 'fetchedAt' | 'modifiedAt' | 'details' | keyof Directory
> {
  const { format, mapping, smsStatus, removal, covers } = source.settings
  const last = mapping === null ? (source.fingerprints?.targets ?? []) : []
  const gone = TEMPLATE.filter(({ to, required }) => !required && last.includes(to) && !columns.targets.includes(to))
  return {
    columns,
    defaultCountry: format.defaultCountry,
    smsStatus,
    removal,
    covers,
    // On the first import nobody comes under a new ID: the source has no contacts yet.
    rekeyLimit: source.firstAppliedAt === null ? null : source.settings.limits.rekeyed,
    fileEndBefore: source.fileEnd,
    lookUpNew: known.lookUpNew,
    lookUpNumbers: known.lookUpNumbers,
    goneColumns: gone.map((column) => column.header),
  }
}
