import { Failure } from '../core/failure.ts'
import type { Planned } from '../core/plan-contract.ts'

/** Returns the failure of a fetch of everything that has no row of a contact. */
export function noRows({ ruledOut }: Planned, records: boolean): Failure {
  if (ruledOut > 0) return allLeftOut(ruledOut)
  return records ? noRecords() : onlyHeader()
}

function allLeftOut(rows: number): Failure {
  return new Failure(
    'empty',
    `The source’s rules for rows leave out every row: ${rows} of them.`,
    'Check the rules in the source’s settings, and whether their columns are filled in as before. Nobody was removed.',
  )
}

function noRecords(): Failure {
  return new Failure(
    'empty',
    'The remote side has no contacts that match.',
    'Check what is chosen there, such as the filter. Nobody was removed: no contacts at all is never taken to mean that everybody has left.',
  )
}

function onlyHeader(): Failure {
  return new Failure(
    'empty',
    'The file has a header but not one row below it.',
    'Check the export. Nobody was removed: a file without rows is never taken to mean that everybody has left.',
  )
}
