import type { ContactDetails } from './contact.ts'
import { Digest } from './digest.ts'
import { DigestTable, type SavedDigests } from './digest-table.ts'
import type { KnownContacts } from './known.ts'
import { readEmails } from './values/email.ts'
import { readId } from './values/id.ts'
import { readNumbers } from './values/phone.ts'
import { countDigits } from './values/phone-text.ts'

/**
 * The most rows that are compared with the missing contacts, and the most texts in them that may be numbers or e-mails.
 */
const MOST_ROWS = 10_000
const MOST_TEXTS = 200_000
/** The separators between several numbers in one cell. */
const BETWEEN = /[,;|/\r\n]+/
const FEWEST_DIGITS = 5

/** What another message needs to go on. */
export interface SavedUnidentified {
  values: SavedDigests
  rows: number
  texts: number
}

/**
 * The rows of a file whose ID is blank or unreadable. Each may belong to a known contact, which then seems to be
 * missing. A missing contact that shares a number or an e-mail with such a row stays (design: invariant 2).
 */
export class UnidentifiedRows {
  readonly #defaultCountry: string
  readonly #known: KnownContacts
  readonly #digest = new Digest()
  /** Digests of numbers in E.164, and of e-mails in lower case. If two are equal by chance, a contact stays. */
  readonly #values: DigestTable
  #rows: number
  #texts: number

  /** `saved`: what an earlier message saved. */
  constructor(defaultCountry: string, known: KnownContacts, saved?: SavedUnidentified) {
    this.#values = new DigestTable(saved?.values)
    this.#rows = saved?.rows ?? 0
    this.#texts = saved?.texts ?? 0
    this.#defaultCountry = defaultCountry
    this.#known = known
  }

  /** Returns what another message needs to go on. */
  save(): SavedUnidentified {
    return { values: this.#values.save(), rows: this.#rows, texts: this.#texts }
  }

  get isEmpty(): boolean {
    return this.#rows === 0
  }

  /** Whether there are too many rows to compare. Then all removals wait for a person. */
  get tooMany(): boolean {
    return this.#rows > MOST_ROWS || this.#texts > MOST_TEXTS
  }

  /** Adds the cells of a row. Any of them may hold a number or an e-mail, whatever its column is for. */
  add(cells: readonly string[]): void {
    this.#rows++
    for (const cell of cells) {
      if (this.tooMany) return
      if (cell.includes('@')) this.#addEmails(cell)
      if (countDigits(cell) < FEWEST_DIGITS || this.#addNumber(cell)) continue
      for (const part of cell.split(BETWEEN)) {
        if (part !== cell && countDigits(part) >= FEWEST_DIGITS && !this.tooMany) this.#addNumber(part)
      }
    }
  }

  /** Adds a row whose cells are in the wrong columns. Its ID may be in any cell, so each known ID stays. */
  addShifted(cells: readonly string[]): void {
    this.add(cells)
    for (const cell of cells) {
      const id = readId(cell)
      const slot = id.kind === 'value' ? this.#known.find(id.value) : -1
      if (slot !== -1) this.#known.protect(slot)
    }
  }

  /** Returns whether one of the rows may belong to a missing contact with these numbers and e-mails. */
  mayBe({ numbers, emails }: Pick<ContactDetails, 'numbers' | 'emails'>): boolean {
    if (this.tooMany) return false
    return (
      numbers.some(({ number }) => this.#values.find(this.#digestOf(number)) !== -1) ||
      emails.some((email) => this.#values.find(this.#digestOf(email.toLowerCase())) !== -1)
    )
  }

  #digestOf(value: string): Digest {
    return this.#digest.reset(this.#known.salt).add(value)
  }

  #addEmails(cell: string): void {
    const emails = readEmails(cell)
    this.#texts++
    if (emails.kind !== 'value') return
    this.#texts += emails.value.length
    for (const email of emails.value) this.#values.add(this.#digestOf(email.toLowerCase()))
  }

  #addNumber(text: string): boolean {
    const numbers = readNumbers(text, this.#defaultCountry)
    this.#texts++
    if (numbers.kind !== 'value') return false
    this.#texts += numbers.value.length - 1
    for (const { number } of numbers.value) this.#values.add(this.#digestOf(number))
    return true
  }
}
