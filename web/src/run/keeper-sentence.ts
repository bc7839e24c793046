import type { CauseView } from '../../../worker/src/api/views/run.ts'
import { causeWords } from '../../../worker/src/core/cause-words.ts'

/** The most rows that are named. */
const MOST = 3

/**
 * Returns a text about a problem for the person who keeps the file, who may have never heard of Muster: what is wrong, in
 * which rows, and how to correct it.
 */
export function keeperSentence(cause: Omit<CauseView, 'newRows'>, file: string | null): string {
  const { code, column, rows, message, examples } = cause
  const where = file === null ? '' : ` in ${file}`
  const named = examples
    .slice(0, MOST)
    .filter(({ row }) => row > 0)
    .map(({ row, name, value }) => `row ${row}${name === null ? '' : ` (${name})`}${value ? `: ${value}` : ''}`)
  return [
    `${causeWords(code, rows)}${where}${column === null ? '' : `, column “${column}”`}.`,
    ...(named.length === 0 ? [] : [`${rows > named.length ? 'For example ' : ''}${named.join('; ')}.`]),
    message,
  ].join(' ')
}
