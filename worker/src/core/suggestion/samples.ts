import { isAttribute, isText, type Target } from '../attributes.ts'
import type { ProblemCode } from '../problem.ts'
import { readEmails } from '../values/email.ts'
import { readNumberType } from '../values/number-type.ts'
import { readNumbers } from '../values/phone.ts'
import { readPriority } from '../values/priority.ts'
import type { Value } from '../values/value.ts'

/** Whether values look like those of a target; `unknown` if there are none or they could be anything. */
export type Fit = 'yes' | 'no' | 'unknown'

/** The shares of a column’s values, 0 to 1, that look like something. */
export interface Samples {
  values: readonly string[]
  phone: number
  email: number
  priority: number
  numberType: number
  /** Only letters, in at least two words. */
  wholeName: number
  letters: number
  salutation: number
  /** At least six digits: perhaps a number that a spreadsheet damaged. */
  digits: number
  /** A number without its area code. */
  local: number
  /** A place of a number, such as `work`, which says no type. */
  place: number
  /** Whether each value occurs once, is one word with a digit in it, and is no date, decimal number or IP address. */
  unique: boolean
  /** Whether there are several values and all are the same. */
  constant: boolean
}

const SALUTATION = /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|m|mme|mlle|sr|sra|srta)\.?$/i
const LETTERS = /^[\p{L}\p{M}'’.,\- ]+$/u
const TWO_WORDS = /^\p{L}[\p{L}\p{M}'’.-]*,?(?: [\p{L}\p{M}'’.-]+){1,4}$/u
const DATE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}/
/** A date with the name of its month, a time, a decimal number, an IP address, a percentage or a sum of money. */
const NO_ID = /^\d{1,2}[-/. ]?\p{L}{3,9}[-/. ]?\d{2,4}$|\d:\d\d|^[-+]?\d+[.,]\d+$|^\d+\.\d+\.\d+|[%$€£;{}]/u
/** Digits that could be anything: a telephone number without a clear header has more of them, or something between. */
const BARE = /^\d{1,9}$/

/** The longest value that looks like an ID, in characters. */
const LONGEST_ID = 64

/** Describes the cells of a column. Blank cells do not count. */
export function readSamples(cells: readonly string[], defaultCountry: string): Samples {
  const values = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const share = (test: (value: string) => boolean) =>
    values.length === 0 ? 0 : values.filter(test).length / values.length
  return {
    values,
    phone: share((value) => !DATE.test(value) && readNumbers(value, defaultCountry).kind === 'value'),
    local: share((value) => hasFinding(readNumbers(value, defaultCountry), 'number_without_area_code')),
    place: share((value) => hasFinding(readNumberType(value), 'number_type_is_description')),
    email: share((value) => value.includes('@') && readEmails(value).kind === 'value'),
    priority: share((value) => readPriority(value).kind === 'value'),
    numberType: share((value) => readNumberType(value).kind === 'value'),
    wholeName: share((value) => TWO_WORDS.test(value)),
    letters: share((value) => LETTERS.test(value)),
    salutation: share((value) => SALUTATION.test(value)),
    digits: share((value) => value.replace(/\D/g, '').length >= 6),
    unique:
      new Set(values).size === values.length &&
      share(
        (value) =>
          value.length <= LONGEST_ID && /^[^\s@]*\d[^\s@]*$/.test(value) && !DATE.test(value) && !NO_ID.test(value),
      ) === 1,
    constant: values.length >= ENOUGH && new Set(values).size === 1,
  }
}

function hasFinding({ findings }: Value<unknown>, code: ProblemCode): boolean {
  return findings.some((finding) => finding.code === code)
}

const MOST = 0.6
const FEW = 0.3

/** Returns whether a column’s values agree with a target that its header names. */
export function fits(to: Target, samples: Samples): Fit {
  if (samples.values.length === 0) return 'unknown'
  switch (to) {
    case 'number':
      return judge(samples.phone, samples.digits < FEW || samples.local > MOST)
    case 'email':
      return judge(samples.email, samples.email < FEW)
    case 'priority':
      return judge(samples.priority, samples.priority < FEW)
    case 'numberType':
      return judge(samples.numberType, samples.numberType === 0)
    case 'id':
      return samples.unique ? 'yes' : samples.email > MOST || samples.constant ? 'no' : 'unknown'
    case 'assignedUser':
      return samples.phone > MOST ? 'no' : 'unknown'
    case 'name':
    case 'firstName':
    case 'lastName':
      return judge(samples.letters, samples.letters < FEW || samples.salutation > MOST)
    default:
      return isContactPoint(samples) || (isTextTarget(to) && samples.salutation > MOST) ? 'no' : 'unknown'
  }
}

/**
 * Returns whether the target is an attribute of the shape `text`. A title is not a salutation, although a column of
 * salutations may be called so.
 */
function isTextTarget(to: Target): boolean {
  return isAttribute(to) && isText(to)
}

function judge(share: number, contradicted: boolean): Fit {
  return share >= MOST ? 'yes' : contradicted ? 'no' : 'unknown'
}

function isContactPoint({ phone, email }: Samples): boolean {
  return phone > MOST || email > MOST
}

/** The fewest digits of an ID without letters whose column has no clear header. */
const FEWEST_DIGITS = 4

/** Returns whether values are written like IDs and not like counts: with letters, or of one length. */
function areCodes(values: readonly string[]): boolean {
  const length = values[0]?.length ?? 0
  return values.every((value) => /\p{L}/u.test(value) || (value.length === length && length >= FEWEST_DIGITS))
}

/** With fewer values, similarity may be chance. */
const ENOUGH = 3
const NEARLY_ALL = 0.8

/** Returns the possible targets of a column without a clear header, by its values only, with a score from 0 to 1. */
export function looksLike(samples: Samples): { to: Target; score: number }[] {
  const { values } = samples
  if (values.length < ENOUGH) return []
  if (samples.email >= NEARLY_ALL) return [{ to: 'email', score: 0.7 }]
  const found: { to: Target; score: number }[] = []
  if (samples.phone >= NEARLY_ALL && !values.some((value) => BARE.test(value))) found.push({ to: 'number', score: 0.5 })
  if (samples.unique && areCodes(values)) found.push({ to: 'id', score: 0.4 })
  if (samples.numberType >= NEARLY_ALL) found.push({ to: 'numberType', score: 0.5 })
  if (samples.priority === 1 && new Set(values).size > 1) found.push({ to: 'priority', score: 0.5 })
  if (samples.wholeName >= NEARLY_ALL && new Set(values).size > values.length / 2) {
    found.push({ to: 'name', score: 0.4 })
  }
  return found
}
