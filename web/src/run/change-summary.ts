import type { DetailsView } from '../../../worker/src/api/views/contact.ts'
import type { ChangeView } from '../../../worker/src/api/views/run.ts'
import { telephone } from '../contact/telephone.ts'
import type { Definitions } from '../field/definitions.ts'
import { contactStays, type Difference, differences } from './differences.ts'

/** A change of a contact in one line: the values of a contact that comes or goes, or the first of the differences. */
export type Summary =
  | { kind: 'values'; values: string[] }
  | { kind: 'difference'; difference: Difference; more: number }
  | { kind: 'same' }

/** Returns a change in one line, so that hundreds can be read at a glance. */
export function summaryOf(change: ChangeView, fields: Definitions): Summary {
  if (!contactStays(change.op)) {
    const details = change.after ?? change.before
    return { kind: 'values', values: details === null ? [] : valuesOf(details) }
  }
  const [difference, ...rest] = differences(change, fields)
  return difference === undefined ? { kind: 'same' } : { kind: 'difference', difference, more: rest.length }
}

/** What tells people most about a contact: how it is reached, what it does and the groups that it is in. */
function valuesOf({ numbers, emails, title, organization, groups }: DetailsView): string[] {
  const [number] = numbers
  const reached = number === undefined ? emails[0] : telephone(number)
  const values = [reached, title, groups.length > 0 ? groups.join(', ') : organization]
  return values.filter((value): value is string => value !== undefined && value !== null && value !== '')
}
