import { type XmlHandler, XmlScanner } from '../../formats/xml.ts'
import { brokenOff, MOST_READ, type Private, statedFailure } from './failure.ts'

/** The values of one attribute of a contact: as they are stored, and as Connect shows them if the answer has that. */
export interface AttributeValues {
  values: string[]
  shown: string[]
}

/** A contact's attributes, keyed by their internal names in lower case. */
export type ConnectContact = ReadonlyMap<string, AttributeValues>

const SHOWN = /^(displayname|displayvalue|displaytext|display|text|label|description)$/i
const ERROR = /^(error|errors|errormessage|message|faultstring)$/i

/**
 * Yields the contacts of a result, `contacts/contact/attribute/{name,value}`, while it arrives. Throws `Failure` if the
 * document ends early or holds an error in place of contacts.
 */
export async function* readContacts(
  pieces: AsyncIterable<string>,
  from: string,
  secrets: Private,
): AsyncGenerator<ConnectContact, void> {
  const reader = new ContactsReader()
  const scanner = new XmlScanner(reader, () => brokenOff(from))
  for await (const piece of pieces) {
    scanner.write(piece)
    yield* reader.take()
  }
  scanner.end()
  yield* reader.take()
  if (!reader.hasContacts && reader.stated.trim() !== '') throw statedFailure(reader.stated, from, secrets)
  if (!reader.hasContacts && !reader.hasData) throw statedFailure('', from, secrets)
}

class ContactsReader implements XmlHandler {
  wantsText = false
  hasContacts = false
  hasData = false
  stated = ''
  #contacts: ConnectContact[] = []
  #contact: Map<string, AttributeValues> | null = null
  #attribute: (AttributeValues & { name: string }) | null = null
  #text = ''
  /** Whether the current value holds elements instead of a text. */
  #nested = false

  /** Returns the complete contacts, each once. */
  take(): ConnectContact[] {
    const contacts = this.#contacts
    this.#contacts = []
    return contacts
  }

  open(name: string): void {
    const what = name.toLowerCase()
    this.#text = ''
    if (this.#attribute !== null) this.#nested = what !== 'value'
    else if (this.#contact !== null && what === 'attribute') {
      this.#attribute = { name: '', values: [], shown: [] }
      this.wantsText = true
    } else if (what === 'contact') {
      this.#contact = new Map()
      this.hasContacts = true
    } else if (what === 'contacts') this.hasContacts = true
    else if (what === 'returndata') this.hasData = true
    else if (this.#contact === null && ERROR.test(name)) this.wantsText = true
  }

  close(name: string): void {
    const what = name.toLowerCase()
    if (this.#attribute !== null) this.#closeIn(this.#attribute, what)
    else if (what === 'contact' && this.#contact !== null) {
      this.#contacts.push(this.#contact)
      this.#contact = null
    } else if (this.wantsText) {
      if (this.stated.length < MOST_READ) this.stated += this.#text
      this.wantsText = false
    }
    this.#text = ''
  }

  text(text: string): void {
    this.#text += text
  }

  #closeIn(attribute: AttributeValues & { name: string }, what: string): void {
    const text = this.#text
    if (what === 'attribute') {
      this.#keep(attribute)
      this.#attribute = null
      this.wantsText = false
    } else if (what === 'name') attribute.name = text.trim()
    else if (SHOWN.test(what)) attribute.shown.push(text)
    else if (what === 'id' || what === 'code') attribute.values.push(text)
    else if (what === 'value' && (!this.#nested || text.trim() !== '')) attribute.values.push(text)
  }

  /** Adds to the values that the contact has: the same attribute may come once for each of its values. */
  #keep({ name, values, shown }: AttributeValues & { name: string }): void {
    const key = name.toLowerCase()
    const before = this.#contact?.get(key)
    if (before === undefined) this.#contact?.set(key, { values, shown })
    else {
      for (const value of values) before.values.push(value)
      for (const value of shown) before.shown.push(value)
    }
  }
}
