import { addTo, type Candidate } from './agreeing.ts'
import type { ContactNumber, NumberType } from './contact.ts'
import type { Row } from './reading.ts'

/** A number as the first row that has it gives it; `more`: the type and the description that further rows give it. */
export interface CandidateNumber {
  number: ContactNumber
  /** Where it stands, row after row. */
  places: { row: Row; index: number }[]
  type: Candidate | null
  description: Candidate | null
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
export class CandidateNumbers {
  readonly all: CandidateNumber[] = []

  add({ row, index, number, extension, type, description }: Entry): void {
    const candidate = (about: { value: string; index: number } | null): Candidate | null =>
      about === null ? null : { what: 'number', ...about, row, more: null }
    const [ofType, ofText] = [candidate(type), candidate(description)]
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
