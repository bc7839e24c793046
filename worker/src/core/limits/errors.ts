import { PARTS } from '../plan.ts'
import { count, exceeds, limit } from './limit.ts'

export const ERROR_LIMIT = limit({
  label: 'Rows have errors',
  unit: 'rows',
  parts: PARTS,
  default: { percent: 50 },
  first: true,
  judge({ rows, rowsWithErrors, firstCause }, setting) {
    if (!exceeds(rowsWithErrors, rows, setting)) return []
    const why = firstCause === null ? 'The report names each problem' : `The first cause: ${firstCause}`
    const message = `${count(rowsWithErrors)} of ${count(rows)} rows cannot be read. ${why}.`
    return [{ message, count: rowsWithErrors, of: rows, examples: [] }]
  },
})
