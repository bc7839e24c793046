import type { Finding } from './value.ts'

export type RequiredCode =
  | 'id_blank'
  | 'name_blank'
  | 'first_name_blank'
  | 'last_name_blank'
  | 'number_blank'
  | 'number_type_blank'
  | 'groups_blank'
  | 'field_blank'

/** The finding for a required cell that is blank. `label` names a custom field. */
export function requiredBlank(code: RequiredCode, label?: string): Finding<RequiredCode> {
  return { code, message: label ?? '' }
}
