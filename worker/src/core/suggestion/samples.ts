import { isAttribute, isText, type Target } from '../attributes.ts'
import { readEmails } from '../values/email.ts'
import { readNumberType } from '../values/number-type.ts'
import { readNumbers } from '../values/phone.ts'
import { readPriority } from '../values/priority.ts'

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
  /** Whether each value occurs once, is one word with a digit in it, and is not a date. */
  unique: boolean
}

const SALUTATION = /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|m|mme|mlle|sr|sra|srta)\.?$/i
const LETTERS = /^[\p{L}\p{M}'’.,\- ]+$/u
const TWO_WORDS = /^\p{L}[\p{L}\p{M}'’.-]*,?(?: [\p{L}\p{M}'’.-]+){1,4}$/u
const DATE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}/

/** The longest value that looks like an ID, in characters. */
const LONGEST_ID = 64

/** Describes the cells of a column. Blank cells do not count. */
export function readSamples(cells: readonly string[], defaultCountry: string): Samples {
  const values = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const share = (test: (value: string) => boolean) =>
    values.length === 0 ? 0 : values.filter(test).length / values.length
  return {
    values,
    phone: share((value) => readNumbers(value, defaultCountry).kind === 'value'),
    email: share((value) => value.includes('@') && readEmails(value).kind === 'value'),
    priority: share((value) => readPriority(value).kind === 'value'),
    numberType: share((value) => readNumberType(value).kind === 'value'),
    wholeName: share((value) => TWO_WORDS.test(value)),
    letters: share((value) => LETTERS.test(value)),
    salutation: share((value) => SALUTATION.test(value)),
    digits: share((value) => value.replace(/\D/g, '').length >= 6),
    unique:
      new Set(values).size === values.length &&
      share((value) => value.length <= LONGEST_ID && /^[^\s@]*\d[^\s@]*$/.test(value) && !DATE.test(value)) === 1,
  }
}

const MOST = 0.6
const FEW = 0.3

/** Returns whether a column’s values agree with a target that its header names. */
export function fits(to: Target, samples: Samples): Fit {
  if (samples.values.length === 0) return 'unknown'
  switch (to) {
    case 'number':
      return judge(samples.phone, samples.digits < FEW)
    case 'email':
      return judge(samples.email, samples.email < FEW)
    case 'priority':
      return judge(samples.priority, samples.priority < FEW)
    case 'numberType':
      return judge(samples.numberType, samples.numberType < FEW)
    case 'id':
      return samples.unique ? 'yes' : samples.email > MOST ? 'no' : 'unknown'
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

/** With fewer values, similarity may be chance. */
const ENOUGH = 3
const NEARLY_ALL = 0.8

/** Returns the possible targets of a column without a clear header, by its values only, with a score from 0 to 1. */
export function looksLike(samples: Samples): { to: Target; score: number }[] {
  const { values } = samples
  if (values.length < ENOUGH) return []
  if (samples.email >= NEARLY_ALL) return [{ to: 'email', score: 0.7 }]
  const found: { to: Target; score: number }[] = []
  if (samples.phone >= NEARLY_ALL) found.push({ to: 'number', score: 0.5 })
  if (samples.unique) found.push({ to: 'id', score: 0.4 })
  if (samples.numberType >= NEARLY_ALL) found.push({ to: 'numberType', score: 0.5 })
  if (samples.priority === 1 && new Set(values).size > 1) found.push({ to: 'priority', score: 0.5 })
  if (samples.wholeName >= NEARLY_ALL && new Set(values).size > values.length / 2) {
    found.push({ to: 'name', score: 0.4 })
  }
  return found
}
