/**
 * Problems of a row, a cell or the header of a file, for programs to branch on. The codes are part of the HTTP
 * contract. None is ever removed, because past runs contain them.
 */
export const PROBLEM_CODES = [
  // A required cell is blank.
  'id_blank',
  'name_blank',
  'first_name_blank',
  'last_name_blank',
  'number_blank',
  'number_type_blank',
  'groups_blank',
  'field_blank',
  // A cell cannot be read.
  'placeholder',
  'excel_error',
  'text_undecodable',
  'text_garbled',
  'id_unreadable',
  'id_lost_digits',
  'number_unreadable',
  'number_lost_digits',
  'number_several',
  'number_letters',
  'number_note',
  'number_without_area_code',
  'number_too_short',
  'number_too_long',
  'number_impossible',
  'number_country_unknown',
  'number_type_unknown',
  'number_type_is_description',
  'email_unreadable',
  'email_too_long',
  'priority_unknown',
  'group_name_too_long',
  'sms_value_unknown',
  'assigned_user_unmatched',
  'field_not_a_number',
  'field_lost_digits',
  'field_not_a_date',
  'field_not_yes_or_no',
  // A row or a contact is wrong as a whole.
  'row_too_short',
  'row_too_long',
  'row_ignored',
  'contact_too_large',
  'rows_contradict',
  'number_shared',
  'id_looks_like',
  'changed_since',
  // The file.
  'column_gone',
  'header_repeated',
  'encoding_doubtful',
  'contacts_kept',
  'several_sheets',
  'hidden_sheet',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** `error`: the row is left out. `warning`: the row is imported without the value. */
export type Severity = 'error' | 'warning'

/**
 * The reason why a row, or one cell of it, was not imported unchanged. `column` is the header as the file spells it.
 */
export interface Problem {
  row: number
  id: string | null
  name: string | null
  column: string | null
  severity: Severity
  code: ProblemCode
  /** One sentence for the administrator: the problem and its remedy. */
  message: string
  /** The cell as the file has it, cut to 200 characters. */
  value: string | null
  /** The report before did not have the problem. */
  new?: true
}
