import type { ProblemCode } from '../problem.ts'
import type { Finding } from './value.ts'

const MESSAGES = {
  id_blank: 'This row has no ID. Give the contact one that never changes.',
  name_blank: 'This row has no name. Enter the contact’s first and last name.',
  first_name_blank: 'This row has no first name. Enter the contact’s first name.',
  last_name_blank: 'This row has no last name. Enter the contact’s last name.',
  number_blank: 'This row has no number. Enter a telephone number with its area code.',
  number_type_blank: 'This row has no number type. Enter mobile, landline or pager.',
  groups_blank: 'This row has no groups. Enter at least one group; separate several with commas.',
  field_blank: 'This row has no value in a required field. Enter one, or make the field optional.',
} as const satisfies Partial<Record<ProblemCode, string>>

export type RequiredCode = keyof typeof MESSAGES

/** Returns the finding for a blank cell in a column that requires a value. `label` is the name of a custom field. */
export function requiredBlank(code: RequiredCode, label?: string): Finding {
  if (label === undefined) return { code, message: MESSAGES[code] }
  return {
    code,
    message: `This row has no value for “${label}”, which is required. Enter one, or make the field optional.`,
  }
}
