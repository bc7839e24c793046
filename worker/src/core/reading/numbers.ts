import type { NumberColumns } from '../columns.ts'
import type { NumberType, ProvidedDetails, ProvidedNumber } from '../contact.ts'
import { KeyedList } from '../keyed-list.ts'
import type { Row } from '../row.ts'
import type { Place } from '../shared-numbers.ts'
import { readNumbers } from '../values/phone.ts'
import { addFurther, type CandidateValue } from './candidates.ts'
import type { OneContact } from './one-contact.ts'

/** A number from the first row that has it, with the types and descriptions of all rows that have it. */
interface CandidateNumber {
  number: ProvidedNumber
  /** The cells that hold the number, in the order of the rows. */
  places: { row: Row; index: number }[]
  type: CandidateValue | null
  description: CandidateValue | null
}

/** A number in one row, and its type and description, each with its cell. */
interface Entry {
  row: Row
  index: number
  number: string
  extension: string | null
  /** The type; null if the row gives none, and with the value null if it gives one that is not understood. */
  type: { value: NumberType | null; index: number } | null
  description: { value: string; index: number } | null
}

/** The texts of a number, its type and its description. */
interface Cells {
  number: string
  type: string
  description: string
}

/**
 * Splits cells that have a number and a type on each line, as those of a list of objects in JSON. Returns null for cells
 * that do not have as many types as numbers. A description for each number is split as well.
 */
function linesOf(number: string, type: string, description: string): Cells[] | null {
  const [numbers, types, texts] = [number.split('\n'), type.split('\n'), description.split('\n')]
  if (numbers.length !== types.length) return null
  const each = texts.length === numbers.length
  return numbers.flatMap((one, i) =>
    one.trim() === ''
      ? []
      : [{ number: one, type: types[i] ?? '', description: each ? (texts[i] ?? '') : description }],
  )
}

/**
 * Reads the telephone numbers of a contact, in the order of its rows. If further rows repeat a number, they add their
 * type and description to it.
 */
export class Numbers {
  readonly #contact: OneContact
  readonly #numbers = new KeyedList<CandidateNumber>()
  /** Null until all rows have been read. */
  #byNumber: Map<string, CandidateNumber[]> | null = null

  constructor(contact: OneContact) {
    this.#contact = contact
  }

  /** The number of different telephone numbers. */
  get count(): number {
    return this.#numbers.all.length
  }

  read(row: Row): void {
    for (const columns of this.#contact.rules.columns.numbers) this.#readNumbers(row, columns)
  }

  reportConflicts(): void {
    for (const { type, description } of this.#numbers.all) {
      this.#contact.reportConflict(type)
      this.#contact.reportConflict(description)
    }
  }

  /** Adds the numbers to the provided attributes. */
  provide(provided: ProvidedDetails): void {
    if (this.#contact.rules.columns.numbers.length > 0 && this.#contact.provides('numbers'))
      provided.numbers = this.#numbers.all.map(({ number }) => number)
  }

  /** Returns the cells that have a number, with any extension or none. */
  placesOf(number: string): Place[] {
    this.#byNumber ??= Map.groupBy(this.#numbers.all, (one) => one.number.number)
    return (this.#byNumber.get(number) ?? []).flatMap(({ places }) =>
      places.map(({ row, index }) => ({ row: row.number, index })),
    )
  }

  #readNumbers(row: Row, columns: NumberColumns): void {
    const contact = this.#contact
    const { rules } = contact
    if (this.#lacks(columns)) return
    const cell = contact.cell(row, columns.number)
    const blank = cell.trim() === '' && (columns.type === -1 || contact.cell(row, columns.type).trim() === '')
    if (blank && !columns.required) return
    const must = columns.required || (rules.columns.template && !blank)
    const country = columns.country === -1 ? rules.defaultCountry : this.#readCountry(row, columns.country, must)
    if (country === undefined) {
      contact.noteUnreadable('numbers')
      return
    }
    const type = columns.type === -1 ? '' : contact.cell(row, columns.type)
    const description = columns.description === -1 ? '' : contact.cell(row, columns.description)
    const lines = columns.type !== -1 && cell.includes('\n') ? linesOf(cell, type, description) : null
    if (lines === null) this.#readCells(row, columns, { number: cell, type, description }, country, must)
    else for (const line of lines) this.#readCells(row, columns, line, country, must)
  }

  #readCells(row: Row, columns: NumberColumns, cells: Cells, country: string, must: boolean): void {
    const contact = this.#contact
    const value = readNumbers(cells.number, country)
    const read = contact.take(row, columns.number, value, must ? 'number_blank' : null)
    if (read === null && !must) return
    const type = this.#readType(row, columns, cells.type, must)
    if (read === undefined) contact.noteUnreadable('numbers')
    if (read === null || read === undefined) return
    const text = this.#describe(row, columns.description, cells.description)
    const description = text === null ? null : { value: text, index: columns.description }
    for (const { number, extension } of read)
      this.#add({ row, index: columns.number, number, extension, type, description })
  }

  #lacks({ number, type, description, country }: NumberColumns): boolean {
    const contact = this.#contact
    if (contact.lacks(number, 'numbers') || contact.lacks(type, 'numbers')) return true
    return contact.lacks(description, 'numbers') || contact.lacks(country, 'numbers')
  }

  /** Returns the type of a row's number and its cell. Only in the template a type that is not understood is an error. */
  #readType(row: Row, columns: NumberColumns, cell: string, must: boolean): Entry['type'] {
    const contact = this.#contact
    const index = columns.type
    const fixed = columns.fixedType
    if (index === -1) return fixed === null ? null : { value: fixed, index: columns.number }
    const required = must && contact.rules.columns.template ? 'number_type_blank' : null
    const type = contact.take(row, index, contact.readers.numberType(cell), required)
    if (type === undefined) return { value: null, index }
    return type === null && fixed === null ? null : { value: type ?? fixed, index }
  }

  /** Returns the country of a row's number; undefined if it is not understood. Then the number is not imported. */
  #readCountry(row: Row, index: number, must: boolean): string | undefined {
    const { rules, readers } = this.#contact
    const country = readers.country(this.#contact.cell(row, index))
    const read = this.#contact.take(row, index, country, country.kind === 'unreadable' && must ? 'number_blank' : null)
    return read === null ? rules.defaultCountry : read
  }

  #describe(row: Row, index: number, cell: string): string | null {
    if (index === -1) return null
    return this.#contact.take(row, index, this.#contact.readers.text(cell), null) ?? null
  }

  #add({ row, index, number, extension, type, description }: Entry): void {
    // No object spread: it takes several times as long, and there are hundreds of thousands of numbers.
    const candidate = (cell: { value: string | null; index: number } | null): CandidateValue | null =>
      cell === null || cell.value === null ? null : { index: cell.index, value: cell.value, row, more: null }
    const ofType = candidate(type)
    const ofText = candidate(description)
    const text = description?.value ?? null
    const place = { row, index }
    const key = extension === null ? number : `${number};${extension}`
    const known = this.#numbers.get(key)
    if (known === undefined) {
      const first: ProvidedNumber = {
        number,
        type: type === null ? 'mobile' : type.value,
        description: text,
        extension,
      }
      this.#numbers.add(key, { number: first, places: [place], type: ofType, description: ofText })
      return
    }
    known.places.push(place)
    if (known.type !== null && ofType !== null) addFurther(known.type, ofType)
    // A type counts whichever row has it. Without one, a type that is not understood counts more than none.
    else if (type !== null && known.type === null) {
      known.type = ofType
      known.number.type = type.value
    }
    known.number.description ??= text
    if (known.description === null) known.description = ofText
    else if (ofText !== null) addFurther(known.description, ofText)
  }
}
