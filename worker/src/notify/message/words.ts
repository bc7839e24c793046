import type { ChangeCounts } from '../../core/counts.ts'
import { cleanLine } from '../../core/values/text.ts'
import type { Block } from '../letter.ts'

/** Writes a number as English does: `1,234`. */
export const number = new Intl.NumberFormat('en')

/** Returns a text of a file or of a setting on one line, without the characters that reverse the text around them. */
export function plain(text: string): string {
  return cleanLine(text).replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
}

/** Returns a paragraph of these sentences. */
export function sentences(...lines: string[]): Block {
  return { kind: 'sentences', sentences: lines }
}

/** The words for changes that were made. */
export const DONE = { added: 'added', updated: 'changed', removed: 'removed' }

/** The words for changes that wait. */
export const PLANNED = { added: 'to add', updated: 'to change', removed: 'to remove' }

/** Returns counts in words: `3 added, 1 removed`; empty if there is nothing to count. */
export function changeWords(counts: ChangeCounts, words: Record<keyof ChangeCounts, string>): string {
  return (['added', 'updated', 'removed'] as const)
    .flatMap((key) => (counts[key] === 0 ? [] : [`${number.format(counts[key])} ${words[key]}`]))
    .join(', ')
}

/** Returns a count with its noun: `1 row`, `2 rows`. */
export function plural(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`
}
