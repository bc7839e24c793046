import { columnOf, type Target } from './attributes.ts'
import type { FieldDefinition } from './field.ts'
import type { FromColumn } from './mapping.ts'
import { type Header, type Hint, readHeader } from './suggestion/header.ts'
import { fits, looksLike, readSamples, type Samples } from './suggestion/samples.ts'
import { type SuggestedSms, suggestSms } from './suggestion/sms-column.ts'
import { headerKey, TEMPLATE } from './template.ts'

/** The probable target of a column; `confidence` is from 0 to 1. */
export interface Suggestion extends Pick<FromColumn, 'to' | 'type' | 'list'> {
  confidence: number
  /** The source's setting that goes with a column of the SMS status, without which a yes may opt in or out wrongly. */
  smsStatus?: SuggestedSms
}

interface Column {
  header: Header
  samples: Samples
  /** Whether the column has no value although the file has rows. */
  blank: boolean
}

interface Candidate extends Hint {
  index: number
  sms?: SuggestedSms
}

const LEAST = 0.3
const MOST_PLACES = 99

/**
 * Returns the probable target of each column of a file, from its header and some of its values (design: Mapping). There
 * is at most one ID, a name or a first and a last name, and each number and e-mail address has a place of its own, so
 * that the suggestions can be confirmed unchanged. A column with the name of a custom field is mapped to that field.
 * Null means that no target is sure enough.
 */
export function suggestColumns(
  columns: readonly { name: string; values: readonly string[] }[],
  defaultCountry: string,
  fields: Iterable<FieldName> = [],
): (Suggestion | null)[] {
  const keys = columns.map(({ name }) => headerKey(name))
  const hasRows = columns.some(({ values }) => values.some((value) => value.trim() !== ''))
  const hasRelatives = columns.some(({ name }) => RELATIVE.test(name))
  const read = columns.map(({ name, values }): Column => {
    const samples = readSamples(values, defaultCountry)
    const header = hasRelatives && /contact/i.test(name) ? NO_HEADER : readHeader(name)
    return { header, samples, blank: hasRows && samples.values.length === 0 }
  })
  // Columns with the same header cannot be distinguished, so no mapping may name them.
  const alike = Map.groupBy(keys, (key) => key)
  const usable = keys.map((key) => key !== '' && alike.get(key)?.length === 1)
  const named = namedFields(
    columns.map(({ name }, index) => (usable[index] ? name : '')),
    fields,
  )
  const all = read.flatMap((column, index) => (usable[index] && !named.has(index) ? candidatesOf(column, index) : []))
  const chosen = choose(
    all.filter(({ score }) => score >= LEAST).sort((a, b) => b.score - a.score || a.index - b.index),
    read,
  )
  const targets = place(chosen, read)
  return read.map((_, index) => {
    const field = named.get(index)
    if (field !== undefined) return { to: `field:${field}`, confidence: NAMED }
    const found = chosen.get(index)
    const to = targets.get(index)
    if (found === undefined || to === undefined) return null
    const confidence = Math.round(found.score * 100) / 100
    const type = found.type !== undefined && { type: found.type }
    return { to, ...type, ...(found.sms !== undefined && { smsStatus: found.sms }), confidence }
  })
}

/** A column that says who somebody else is to the person of the row. Then the other columns of contacts are about that one. */
const RELATIVE = /contact.{0,20}relation/i
const NO_HEADER: Header = { hints: [], place: 1, stop: true }

/** The names by which a column can name a custom field. */
type FieldName = Pick<FieldDefinition, 'key' | 'label'>

/** An administrator has set up a field with exactly this name. */
const NAMED = 0.95

/**
 * Returns the key of the field that each column is named after: one column for each field, and no column that the
 * template knows.
 */
function namedFields(names: readonly string[], fields: Iterable<FieldName>): Map<number, string> {
  const plain = (text: string) => headerKey(text).replace(/[^\p{L}\p{N}]/gu, '')
  const template = new Set(TEMPLATE.map(({ header }) => plain(header)))
  const columns = new Map<string, number[]>()
  for (const [index, name] of names.entries()) {
    const known = plain(name)
    // Of several columns with one name, the first is taken first.
    if (known === '' || template.has(known)) continue
    const alike = columns.get(known)
    if (alike === undefined) columns.set(known, [index])
    else alike.push(index)
  }
  const found = new Map<number, string>()
  for (const { key, label } of fields) {
    const firsts = [plain(key), plain(label)].flatMap((name) => columns.get(name)?.find((one) => !found.has(one)) ?? [])
    if (firsts.length > 0) found.set(Math.min(...firsts), key)
  }
  return found
}

function candidatesOf(column: Column, index: number): Candidate[] {
  const { header, samples } = column
  const hints = header.hints.flatMap((hint): Candidate[] => {
    if (hint.yes === undefined) {
      const likely = { ...hint, to: detailOf(hint.to, samples) }
      return [{ ...likely, index, score: weigh(likely, column) }]
    }
    const sms = suggestSms(samples.values, hint.yes)
    return sms === null ? [] : [{ ...hint, index, sms }]
  })
  if (header.stop || hints.some(({ score }) => score >= LEAST)) return hints
  const likely = looksLike(samples).filter(({ to }) => to !== 'id' || header.noId !== true)
  return likely.map((hint) => ({ ...hint, index }))
}

/** A column called “type” whose values are `work` and `home` describes the numbers; one called “label” may say their types. */
function detailOf(to: Target, { numberType, place }: Samples): Target {
  if (to === 'numberType' && numberType === 0 && place > 0) return 'numberDescription'
  return to === 'numberDescription' && numberType > 0.5 ? 'numberType' : to
}

/** What is left of the score of a column without values, so that another column of the same header words is chosen. */
const WEIGHT_OF_BLANK = 0.8

/**
 * Values that agree with a header make it surer. Values that contradict it reduce its weight. A blank column is no ID,
 * because no row would have one.
 */
function weigh({ to, score, only }: Hint, { samples, blank }: Column): number {
  if (blank) return to === 'id' ? 0 : score * WEIGHT_OF_BLANK
  const halved = only === 'half' && samples.wholeName > 0.5
  const fit = halved ? 'no' : fits(to, samples)
  return fit === 'yes' ? score + (1 - score) * 0.25 : fit === 'no' ? score * 0.25 : score
}

function isNumbered(to: Target): boolean {
  return columnOf(to)?.column.numbered === true
}

/** Returns whether only one column of a file can have the target. */
function isSingle(to: Target): boolean {
  return !isNumbered(to) && columnOf(to)?.column.several !== true
}

const NAMES: ReadonlySet<Target> = new Set(['name', 'firstName', 'lastName'])

/** Chooses one target for each column, the surest first; `candidates` are in that order. */
function choose(candidates: readonly Candidate[], columns: readonly Column[]): Map<number, Candidate> {
  const chosen = new Map<number, Candidate>(namesOf(candidates, columns).map((name) => [name.index, name]))
  const taken = new Set<Target>()
  for (const candidate of candidates) {
    const { index, to, only } = candidate
    if (NAMES.has(to) || chosen.has(index)) continue
    if (taken.has(to) && (isSingle(to) || only === 'spare')) continue
    chosen.set(index, candidate)
    taken.add(to)
  }
  return chosen
}

/**
 * Returns the first and the last name if the file has both, otherwise the name, otherwise the one half. Two halves
 * whose columns are blank lose against a name whose column is not.
 */
function namesOf(candidates: readonly Candidate[], columns: readonly Column[]): Candidate[] {
  const isBlank = ({ index }: Candidate) => columns[index]?.samples.values.length === 0
  const name = candidates.find(({ to }) => to === 'name')
  const first = candidates.find(({ to }) => to === 'firstName')
  const last = candidates.find(({ to, index }) => to === 'lastName' && index !== first?.index)
  if (first !== undefined && last !== undefined && (first.only === undefined || last.only === undefined)) {
    if (name === undefined || isBlank(name) || !isBlank(first) || !isBlank(last)) return [first, last]
  }
  if (name !== undefined) return [name]
  return [first, last].flatMap((half) => (half === undefined || half.only === 'half' ? [] : [half]))
}

/** Returns the targets by column: numbers and e-mail addresses in the order of their headers, then of the file. */
function place(chosen: ReadonlyMap<number, Candidate>, columns: readonly Column[]): Map<number, string> {
  const placeOf = (index: number) => columns[index]?.header.place ?? 1
  const of = (target: Target) =>
    [...chosen.keys()].filter((index) => chosen.get(index)?.to === target).sort((a, b) => a - b)
  const inOrder = (target: Target) =>
    of(target)
      .sort((a, b) => placeOf(a) - placeOf(b) || a - b)
      .slice(0, MOST_PLACES)
  const targets = new Map<number, string>()
  for (const [index, { to }] of chosen) if (!isNumbered(to)) targets.set(index, to)
  for (const [i, index] of inOrder('email').entries()) targets.set(index, numbered('email', i + 1))
  const numbers = inOrder('number')
  for (const [i, index] of numbers.entries()) targets.set(index, numbered('number', i + 1))
  for (const kind of ['numberType', 'numberDescription'] as const) {
    const without = new Set(numbers)
    for (const index of of(kind)) {
      const number = partner(index, [...without], placeOf)
      if (number === undefined) continue
      without.delete(number)
      targets.set(index, numbered(kind, numbers.indexOf(number) + 1))
    }
  }
  return targets
}

/**
 * Returns the number that a type or a description belongs to: the one of the same place, otherwise the nearest one
 * before it, otherwise the first.
 */
function partner(index: number, numbers: readonly number[], placeOf: (index: number) => number): number | undefined {
  const same = numbers.filter((number) => placeOf(number) === placeOf(index))
  const among = placeOf(index) > 1 || same.length === 1 ? same : numbers
  return among.filter((number) => number < index).sort((a, b) => b - a)[0] ?? among[0]
}

function numbered(kind: string, at: number): string {
  return at === 1 ? kind : `${kind}${at}`
}
