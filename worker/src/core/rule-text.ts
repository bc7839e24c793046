import type { RowRule } from './mapping.ts'
import { compared } from './values/compared.ts'
import { quote } from './values/text.ts'

const MOST_QUOTED = 5

/** Returns a rule in words: `leave out those where “status” is “deleted” or blank`. */
export function ruleText({ column, leaveOut, keep }: RowRule): string {
  const named = (leaveOut ?? keep).map((value) => (compared(value) === '' ? 'blank' : quote(value)))
  const shown = named.length > MOST_QUOTED ? [...named.slice(0, MOST_QUOTED), 'another value'] : named
  const either = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(shown)
  return `${keep === undefined ? 'leave out those where' : 'keep only those where'} ${quote(column)} is ${either}`
}
