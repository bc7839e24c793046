import type { Row } from '../row.ts'
import { type SmsReading, smsValues } from '../sms.ts'
import { cleanLine } from '../values/text.ts'
import type { OneContact } from './one-contact.ts'

/** Reads a source's values for a contact's SMS status. */
export class SmsColumn {
  readonly #contact: OneContact
  readonly #all: SmsReading[] = []

  constructor(contact: OneContact) {
    this.#contact = contact
  }

  read(row: Row): void {
    const { rules, readers, candidates } = this.#contact
    const index = rules.columns.smsStatus
    if (index === -1 || this.#contact.lacksCell(index)) return
    const { findings, ...reading } = readers.sms(this.#contact.cell(row, index))
    for (const finding of findings) this.#contact.report(row, index, 'warning', finding)
    if (reading.value !== '') candidates.add(row, index, 'smsStatus', reading.means ?? reading.value)
    this.#all.push(reading)
  }

  /** Reads a row that a rule leaves out. It says nothing but an opt-out. */
  readLeftOut(row: Row): void {
    const { rules, readers } = this.#contact
    const { value, means } = readers.sms(this.#contact.cell(row, rules.columns.smsStatus))
    if (means === 'opted_out') this.#all.push({ value, means })
  }

  /** Reads a row whose cells do not count, except for an opted-out value exactly as it is configured. */
  readOptOut(row: Row): void {
    const { columns, smsStatus } = this.#contact.rules
    const value = cleanLine(this.#contact.cell(row, columns.smsStatus))
    const isOptOut = value !== '' && smsValues(smsStatus.optedOut).some((one) => cleanLine(one) === value)
    if (isOptOut) this.#all.push({ value, means: 'opted_out' })
  }

  /**
   * Returns the combined value of the rows. An opt-out takes precedence over all other values, even if the contact
   * `failed`. A blank cell conflicts with nothing. Returns null if no row has a value.
   */
  status(failed: boolean): SmsReading | null {
    const sorted = this.#all.toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
    const optOut = sorted.find(({ means }) => means === 'opted_out')
    if (optOut !== undefined) return optOut
    return failed ? null : (sorted.find(({ value }) => value !== '') ?? sorted[0] ?? null)
  }
}
