import { addTo, type Said } from './agreeing.ts'
import type { ContactNumber, NumberType } from './contact.ts'
import type { Row } from './reading.ts'

/** A number as the first row that has it gives it; `more`: the type and the description that further rows give it. */
export interface SaidNumber {
  number: ContactNumber
  /** Where it stands, row after row. */
  places: { row: Row; index: number }[]
  type: Said | null
  description: Said | null
}

/** What one row says of a number; the type and the description with where they stand. */
interface Entry {
  row: Row
  index: number
  number: string
  extension: string | null
  type: { value: NumberType; index: number } | null
  description: { value: string; index: number } | null
}

/** The numbers of one contact in the order of its rows; one that comes again adds what it says of itself. */
export class SaidNumbers {
  readonly all: SaidNumber[] = []

  add({ row, index, number, extension, type, description }: Entry): void {
    const said = (about: { value: string; index: number } | null): Said | null =>
      about === null ? null : { what: 'number', ...about, row, more: null }
    const [ofType, ofText] = [said(type), said(description)]
    const text = description?.value ?? null
    const place = { row, index }
    const known = this.all.find((one) => one.number.number === number && one.number.extension === extension)
    if (known === undefined) {
      const first = { number, type: type?.value ?? 'mobile', description: text, extension }
      this.all.push({ number: first, places: [place], type: ofType, description: ofText })
      return
    }
    known.places.push(place)
    if (known.type !== null && ofType !== null) addTo(known.type, ofType)
    else if (type !== null) Object.assign(known, { type: ofType, number: { ...known.number, type: type.value } })
    known.number.description ??= text
    if (known.description === null) known.description = ofText
    else if (ofText !== null) addTo(known.description, ofText)
  }
}
