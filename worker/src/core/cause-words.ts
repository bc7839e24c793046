import type { ProblemCode } from './problem.ts'

/**
 * What rows with one problem have in common, as the end of a sentence that begins with their number. Of a code with one form,
 * a file has it only once.
 */
const WORDS: Record<ProblemCode, [one: string, many: string] | string> = {
  id_blank: ['row has no ID', 'rows have no ID'],
  name_blank: ['row has no name', 'rows have no name'],
  first_name_blank: ['row has no first name', 'rows have no first name'],
  last_name_blank: ['row has no last name', 'rows have no last name'],
  number_blank: ['row has no number', 'rows have no number'],
  number_type_blank: ['number has no type', 'numbers have no type'],
  groups_blank: ['row has no groups', 'rows have no groups'],
  field_blank: ['row lacks a required value', 'rows lack a required value'],
  placeholder: ['cell has a word for nothing in it, such as n/a', 'cells have a word for nothing in them, such as n/a'],
  excel_error: ['cell holds an error of the spreadsheet', 'cells hold an error of the spreadsheet'],
  text_undecodable: ['text cannot be read', 'texts cannot be read'],
  text_garbled: ['text has damaged letters', 'texts have damaged letters'],
  id_unreadable: ['ID cannot be read', 'IDs cannot be read'],
  id_lost_digits: ['ID has lost its last digits', 'IDs have lost their last digits'],
  number_unreadable: ['value is not a telephone number', 'values are not telephone numbers'],
  number_lost_digits: ['number has lost its last digits', 'numbers have lost their last digits'],
  number_several: ['cell holds several numbers', 'cells hold several numbers'],
  number_letters: ['number has letters in it', 'numbers have letters in them'],
  number_note: ['number has words beside it', 'numbers have words beside them'],
  number_without_area_code: ['number has no area code', 'numbers have no area code'],
  number_too_short: ['number is too short', 'numbers are too short'],
  number_too_long: ['number is too long', 'numbers are too long'],
  number_impossible: ['number cannot exist', 'numbers cannot exist'],
  number_country_unknown: ['country of a number is not known', 'countries of numbers are not known'],
  number_type_unknown: ['number type is not known', 'number types are not known'],
  number_type_is_description: [
    'number type is a description, such as work',
    'number types are descriptions, such as work',
  ],
  email_unreadable: ['value is not an e-mail address', 'values are not e-mail addresses'],
  email_too_long: ['e-mail address is too long', 'e-mail addresses are too long'],
  priority_unknown: ['priority is not known', 'priorities are not known'],
  group_name_too_long: ['group name is too long', 'group names are too long'],
  sms_value_unknown: ['value says neither opted in nor out', 'values say neither opted in nor out'],
  assigned_user_unmatched: ['User ID belongs to no user', 'User IDs belong to no user'],
  field_not_a_number: ['value is not a number', 'values are not numbers'],
  field_lost_digits: ['value has lost its last digits', 'values have lost their last digits'],
  field_not_a_date: ['value is not a date', 'values are not dates'],
  field_not_yes_or_no: ['value is neither yes nor no', 'values are neither yes nor no'],
  row_too_short: ['row is too short', 'rows are too short'],
  row_too_long: ['row is too long', 'rows are too long'],
  row_ignored: ['last row may have been cut off', 'last rows may have been cut off'],
  contact_too_large: ['contact is too large', 'contacts are too large'],
  rows_contradict: ['row contradicts another row of its contact', 'rows contradict other rows of their contact'],
  number_shared: ['row has a number that others have', 'rows have a number that others have'],
  id_looks_like: ['new ID looks like a known one', 'new IDs look like known ones'],
  changed_since: ['contact has changed since', 'contacts have changed since'],
  column_gone: 'A column is gone',
  header_repeated: 'Columns have the same header',
  encoding_doubtful: 'The encoding of the file is in doubt',
  contacts_kept: 'Missing contacts were not removed',
  several_sheets: 'Several sheets have the columns',
  hidden_sheet: 'A hidden sheet was read',
}

const number = new Intl.NumberFormat('en')

/** Returns the cause of the problems of `rows` rows as a sentence: `312 numbers have no area code`. */
export function causeWords(code: ProblemCode, rows: number): string {
  const words = WORDS[code]
  if (typeof words === 'string') return words
  return `${number.format(rows)} ${words[rows === 1 ? 0 : 1]}`
}

/** Returns the cause of problems without their number, as a sentence has it: `numbers have no area code`. */
export function causeName(code: ProblemCode): string {
  const words = WORDS[code]
  return typeof words === 'string' ? words : words[1]
}

/** Returns whether a problem is one of the whole file, so that its row and its contact say nothing. */
export function isOfFile(code: ProblemCode): boolean {
  return typeof WORDS[code] === 'string'
}
