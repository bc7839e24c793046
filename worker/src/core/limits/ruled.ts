import type { RuleRemovals } from '../row-rules.ts'
import { count } from './limit.ts'

const MOST_NAMED = 3

/** Returns how many contacts the rules for rows remove. */
export function removedBy(rules: readonly RuleRemovals[]): number {
  return rules.reduce((sum, { count: n }) => sum + n, 0)
}

/** Returns the rules that remove contacts in words: `the rule to leave out those where “status” is “deleted”`. */
export function rulesNamed(rules: readonly RuleRemovals[]): string {
  const shown = rules
    .slice(0, MOST_NAMED)
    .map(({ rule, count: n }) => ({ rule, n: rules.length > 1 ? ` (${count(n)})` : '' }))
  const more = rules.length > MOST_NAMED ? ['further rules'] : []
  return new Intl.ListFormat('en-GB').format([...shown.map(({ rule, n }) => `the rule to ${rule}${n}`), ...more])
}

/**
 * Returns a sentence about the contacts that would be removed although the file has them, with a space before it; empty
 * if there are none.
 */
export function byRules(rules: readonly RuleRemovals[]): string {
  const n = removedBy(rules)
  if (n === 0) return ''
  return ` ${count(n)} of them ${n === 1 ? 'is' : 'are'} still there, but left out by ${rulesNamed(rules)}.`
}
