import { readDate } from './date.ts'
import { isAmbiguous, readDecimal } from './decimal.ts'
import type { FieldType } from './field-type.ts'
import { listNotation } from './list-notation.ts'
import { singleText } from './list-text.ts'
import { foldWords } from './phone-words.ts'
import { cleanText, quote, readSpaced } from './text.ts'
import { type Finding, read, readParts, type Value } from './value.ts'

/** Words and signs for yes and no, without accents, in English, French, German, Spanish, Italian, Portuguese and Dutch. */
const YES = 'yes y true t 1 -1 on x checked ✓ ✔ ☑ ☒ ✅ oui vrai v ja j wahr si s verdadero sim verdadeiro vero waar'
const NO = 'no n false f 0 off unchecked ✗ ✘ ☐ ❌ non faux nein falsch falso nao nee onwaar'

const BOOLEAN: ReadonlyMap<string, string> = new Map([
  ...YES.split(' ').map((word) => [word, 'true'] as const),
  ...NO.split(' ').map((word) => [word, 'false'] as const),
])

/** How the cells of a field are read. */
interface Field {
  type: FieldType
  list: boolean
  /** Whether the file is a text, whose numbers are as people write them. Those of other files have a decimal point. */
  isText?: boolean
}

/**
 * Reads a custom field into its canonical form: text unchanged, a number in plain digits, a date in ISO 8601, `true` or
 * `false`. The field has one value unless it is a list. A list is separated by line breaks, otherwise by semicolons and
 * `|`, otherwise by commas. Parts that cannot be read are findings. `defaultCountry` decides between `3/4` and `4/3` in
 * dates, and whether `1.234` in a text is clear.
 */
export function readField(cell: string, field: Field, defaultCountry: string): Value<string[]> {
  const text = readSpaced(field.list ? cell : singleText(cell))
  if (text.kind !== 'value') return text
  const whole = readOne(text.value, field, defaultCountry)
  if (!field.list) return typeof whole === 'string' ? read([whole], text.findings) : readParts<string>([], [whole])
  if (typeof whole === 'string' && field.type !== 'text') return read([whole])
  return readList(text.value, field, defaultCountry, text.findings)
}

function readList(text: string, field: Field, defaultCountry: string, before: readonly Finding[]): Value<string[]> {
  const values = new Set<string>()
  const findings = [...before]
  for (const part of fieldValues(text)) {
    const item = cleanText(part)
    if (item === '') continue
    const value = readOne(item, field, defaultCountry)
    if (typeof value === 'string') values.add(value)
    else findings.push(value)
  }
  return readParts([...values], findings)
}

/** Splits a clean text with several values of a field. */
export function fieldValues(text: string): string[] {
  return listNotation(text) ?? text.split(/[;|]/u.test(text) ? /[;|]/u : ',')
}

function readOne(text: string, { type, isText }: Field, defaultCountry: string): string | Finding {
  switch (type) {
    case 'text':
      return text
    case 'number':
      return isText === true && isAmbiguous(text, defaultCountry) ? ambiguous(text) : readDecimalValue(text)
    case 'date':
      return readDate(text, defaultCountry) ?? notADate(text)
    case 'boolean':
      return BOOLEAN.get(foldWords(text).replace(/[\uFE0E\uFE0F]/gu, '')) ?? notYesOrNo(text)
  }
}

function readDecimalValue(text: string): string | Finding {
  const number = readDecimal(text)
  if (number === 'lost') {
    const message = `A spreadsheet shortened this number to ${quote(text)} and digits are lost. Format the column as text and enter it again.`
    return { code: 'field_lost_digits', message }
  }
  return number ?? { code: 'field_not_a_number', message: `${quote(text)} is not a number. Enter digits alone.` }
}

function ambiguous(text: string): Finding {
  const message = `${quote(text)} may be a whole number or have three decimals. Leave out the separator, or write another number of decimals.`
  return { code: 'field_not_a_number', message }
}

function notADate(text: string): Finding {
  return { code: 'field_not_a_date', message: `${quote(text)} is not a date. Enter it like 2026-03-04.` }
}

function notYesOrNo(text: string): Finding {
  return { code: 'field_not_yes_or_no', message: `${quote(text)} is neither yes nor no. Enter yes or no.` }
}
