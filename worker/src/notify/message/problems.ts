import { causeWords, isOfFile } from '../../core/cause-words.ts'
import type { Cause } from '../../core/causes.ts'
import type { Block, ListedCause } from '../letter.ts'
import type { SortedProblems } from '../sorted-problems.ts'
import { number, plain } from './words.ts'

/** How many rows an e-mail names of the new problems, and of the known ones. The spreadsheet has all of them. */
const NAMED = { fresh: 100, known: 50 }

/** Lists the errors and warnings by their causes, new ones apart from known ones (seeds: Errors). */
export function problemBlocks({ fresh, known, more }: SortedProblems): Block[] {
  const rest =
    more === 0 ? null : `${number.format(more)} more rows have problems; the spreadsheet lists the first of each kind.`
  const blocks: Block[] = []
  if (fresh.length > 0)
    blocks.push({
      kind: 'causes',
      title: known.length > 0 ? 'New problems' : 'Problems',
      causes: listed(fresh, NAMED.fresh),
      more: known.length > 0 ? null : rest,
    })
  if (known.length > 0)
    blocks.push({
      kind: 'causes',
      title: 'Problems that were there before',
      causes: listed(known, NAMED.known),
      more: rest,
    })
  return blocks
}

/** Returns the causes with the rows that an e-mail names, at most `most` in all. */
function listed(causes: readonly Cause[], most: number): ListedCause[] {
  let left = most
  return causes.map(({ code, column, severity, rows, message, examples }) => {
    const named = isOfFile(code) ? [] : examples.slice(0, left)
    left -= named.length
    return {
      words: causeWords(code, rows),
      isError: severity === 'error',
      column: column === null ? null : plain(column),
      message: plain(message),
      rows: named.map(rowLine),
      more: isOfFile(code) ? 0 : rows - named.length,
    }
  })
}

function rowLine({ row, id, name, value }: Cause['examples'][number]): string {
  const who = name ?? (id === null ? 'no name' : `ID ${id}`)
  // A contact that an undo leaves unchanged has no row.
  return plain(`${row === 0 ? '' : `Row ${row}, `}${who}${value === null || value === '' ? '' : `: ${value}`}`)
}
