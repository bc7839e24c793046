import { PARTS } from '../plan.ts'
import { count, exceeds, limit } from './limit.ts'

export const ERROR_LIMIT = limit({
  label: 'Rows have errors',
  unit: 'rows',
  parts: PARTS,
  default: { percent: 50 },
  first: true,
  judge({ rows, rowsWithErrors }, setting) {
    if (!exceeds(rowsWithErrors, rows, setting)) return []
    const message = `${count(rowsWithErrors)} of ${count(rows)} rows cannot be read. The report names each problem.`
    return [{ message, count: rowsWithErrors, of: rows, examples: [] }]
  },
})
