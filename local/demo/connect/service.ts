import { escaped } from '../../../worker/src/connections/connect/call.ts'
import { connectDate, mayHaveChanged } from '../../../worker/src/connections/connect/changed.ts'
import { readTree, type Tree } from './tree.ts'
import { type Dialect, NAMESPACE, USUAL, wsdlOf } from './wsdl.ts'

/*
 * A Connect of Muster's own for tests and the demo. It is stricter than the real one is known to be: it accepts only
 * the parameters, the order and the attributes that it describes, and only its own pass key.
 */

export interface StandInAttribute {
  name: string
  label: string
  /** The names that are shown instead of the values. */
  shown?: Readonly<Record<string, string>>
}

/** A contact's values, keyed by the attributes' internal names. An attribute may have several values. */
export type StandInContact = Record<string, string | readonly string[]>

export interface StandInFilter {
  id: number
  name: string
  has: (contact: StandInContact) => boolean
}

/** A failure that the service answers with instead of the result. */
export type Trouble =
  /** A text in a 200 answer. */
  | { is: 'text'; text: string }
  /** A text inside the document of a 200 answer. */
  | { is: 'error'; text: string }
  | { is: 'fault'; text: string }
  | { is: 'page' }
  | { is: 'status'; status: number }
  /** An answer that ends before it is complete. */
  | { is: 'truncated' }

interface Asked {
  method: string
  url: string
  soapAction: string | null
  body: string
}

export interface Answered {
  status: number
  type: string
  body: Iterable<string>
}

/** A call that was made, with its parameters keyed by their meaning. */
interface Call {
  operation: string
  given: Readonly<Record<string, string>>
}

export class ConnectStandIn {
  readonly clientName = 'demo-college'
  passKey = 'demo-pass-key'
  dialect: Dialect
  attributes: StandInAttribute[] = []
  filters: StandInFilter[] = []
  sourceCodes: { code: string; name: string }[] = []
  /** The contacts, in the order in which the service sends them. */
  contacts: StandInContact[] = []
  /** The attribute that identifies a contact, and the one with the time of its last change. */
  contactId = 'contactid'
  modified = 'modifieddate'
  /** Returns the modified date for a change made through the service. */
  now: () => Date = () => new Date()
  trouble: Trouble | null = null
  readonly calls: Call[] = []

  constructor(dialect: Dialect = USUAL) {
    this.dialect = dialect
  }

  answer(asked: Asked): Answered {
    if (asked.method === 'GET') {
      return new URL(asked.url, 'http://x').search.toLowerCase() === '?wsdl'
        ? { status: 200, type: 'text/xml; charset=utf-8', body: [wsdlOf(this.dialect)] }
        : page(404)
    }
    const { trouble } = this
    if (trouble?.is === 'page') return page(200)
    if (trouble?.is === 'status') return page(trouble.status)
    if (trouble?.is === 'fault') return this.#fault(trouble.text)
    let call: Tree | undefined
    try {
      call = readTree(asked.body).children[0]?.children[0]?.children[0]
    } catch {
      return this.#fault('Server was unable to read request.')
    }
    const operation = this.dialect.operations.find(({ name }) => name === call?.name)
    if (call === undefined || operation === undefined || call.xmlns !== NAMESPACE)
      return this.#fault(`Server did not recognize the value of HTTP Header SOAPAction: ${asked.soapAction}.`)
    const action = this.dialect.soapActions ? `"${NAMESPACE}${operation.name}"` : null
    if (asked.soapAction !== action) return this.#fault('SOAPAction does not match.')
    const sent = call.children.map(({ name }) => name)
    const expected = operation.parameters.map(([, name]) => name)
    if (sent.join() !== expected.join()) return this.#fault(`Expected ${expected.join()}, not ${sent.join()}.`)
    const given = Object.fromEntries(operation.parameters.map(([means], i) => [means, call.children[i]?.text ?? '']))
    this.calls.push({ operation: operation.name, given })
    const result = this.#result(operation.does, given)
    return { status: 200, type: 'text/xml; charset=utf-8', body: this.#envelope(operation.name, result) }
  }

  #result(does: Dialect['operations'][number]['does'], given: Record<string, string>): Iterable<string> {
    const { trouble } = this
    if (trouble?.is === 'text') return [trouble.text]
    if (given.clientName !== this.clientName || given.passKey !== this.passKey) return ['Passkey is invalid']
    if (trouble?.is === 'error') return [`<result><error>${escaped(trouble.text)}</error></result>`]
    switch (does) {
      case 'attributes':
        return data('attributes', this.attributes, ({ name, label }) =>
          element('attribute', { name, mappingname: label }),
        )
      case 'filters':
        return data('filters', this.filters, ({ id, name }) => element('filter', { id: String(id), name }))
      case 'sourceCodes':
        return data('sourcecodes', this.sourceCodes, ({ code, name }) => element('sourcecode', { code, name }))
      case 'count':
        return [`<result><count>${this.contacts.length}</count></result>`]
      case 'filterContacts':
        return this.#filterContacts(given.attributes ?? '', given.filters ?? '')
      case 'contacts':
        return this.#searchContacts(given)
      case 'update':
        return [this.#update(given)]
    }
  }

  #filterContacts(attributesXml: string, filtersXml: string): Iterable<string> {
    const names = leaves(attributesXml, 'attributes')
    const unknown = names.find((name) => !this.attributes.some((attribute) => attribute.name === name))
    if (unknown !== undefined) return [`Attribute ${unknown} does not exist`]
    const ids = leaves(filtersXml, 'filterids').map(Number)
    const filters = ids.flatMap((id) => this.filters.filter((filter) => filter.id === id))
    if (filters.length !== ids.length) return ['Filter ID is invalid']
    // The contacts are listed filter by filter, so that a contact in two filters appears twice.
    const found = filters.flatMap(({ has }) => this.contacts.filter(has))
    return data('contacts', found, (contact) => this.#contactXml(contact, names))
  }

  /**
   * Returns every contact, whatever the filters, whose modified date is not before the date in the criteria, page by
   * page.
   */
  #searchContacts({ attributes = '', search = '', from = '', to = '' }: Record<string, string>): Iterable<string> {
    const [criteria] = readTree(search).children
    const since = criteria?.children.find(({ name }) => name === 'changedsince')?.text
    if (since === undefined) return ['Search criteria are invalid']
    const at = Date.parse(`${since} UTC`)
    const found = this.contacts.filter((contact) => mayHaveChanged(String(contact[this.modified] ?? ''), at))
    const names = leaves(attributes, 'attributes')
    return data('contacts', found.slice(Number(from) - 1, Number(to)), (contact) => this.#contactXml(contact, names))
  }

  #contactXml(contact: StandInContact, names: readonly string[]): string {
    const attributes = names.map((name) => {
      const shown = this.attributes.find((attribute) => attribute.name === name)?.shown
      const values = [contact[name] ?? ''].flat()
      const written = values.map((value) => {
        const display = shown?.[value]
        return `<value>${escaped(value)}</value>${display === undefined ? '' : `<displayname>${escaped(display)}</displayname>`}`
      })
      return `<attribute><name>${name}</name>${written.join('')}</attribute>`
    })
    return `<contact>${attributes.join('')}</contact>`
  }

  #update({ contactId = '', attribute = '', value = '', sourceCode = '' }: Record<string, string>): string {
    const contact = this.contacts.find((one) => one[this.contactId] === contactId)
    if (contact === undefined) return 'Contact does not exist'
    if (!this.attributes.some(({ name }) => name === attribute)) return `Attribute ${attribute} does not exist`
    if (!this.sourceCodes.some(({ code }) => code === sourceCode)) return 'Source code is invalid'
    contact[attribute] = value
    contact[this.modified] = connectDate(this.now())
    return 'Success'
  }

  *#envelope(operation: string, result: Iterable<string>): Generator<string> {
    const { prefix, result: form } = this.dialect
    const cut = this.trouble?.is === 'truncated'
    yield `<?xml version="1.0" encoding="utf-8"?><${prefix}:Envelope xmlns:${prefix}="http://schemas.xmlsoap.org/soap/envelope/">`
    yield `<${prefix}:Body><${operation}Response xmlns="${NAMESPACE}"><${operation}Result>`
    if (form === 'cdata') yield '<![CDATA['
    for (const piece of result) {
      const text = form === 'cdata' ? piece.replaceAll(']]>', ']]]]><![CDATA[>') : escaped(piece)
      yield cut ? text.slice(0, text.length / 2) : text
      if (cut) return
    }
    if (form === 'cdata') yield ']]>'
    yield `</${operation}Result></${operation}Response></${prefix}:Body></${prefix}:Envelope>`
  }

  #fault(text: string): Answered {
    const { prefix } = this.dialect
    const fault = `<faultcode>${prefix}:Server</faultcode><faultstring>${escaped(text)}</faultstring>`
    const body = `<${prefix}:Envelope xmlns:${prefix}="http://schemas.xmlsoap.org/soap/envelope/"><${prefix}:Body><${prefix}:Fault>${fault}</${prefix}:Fault></${prefix}:Body></${prefix}:Envelope>`
    return { status: 500, type: 'text/xml; charset=utf-8', body: [body] }
  }
}

const BLOCK = 32 * 1024

/** Yields the same text in pieces of about 32 KB, made on demand. */
export function* inBlocks(pieces: Iterable<string>): Generator<string, void> {
  let block = ''
  for (const piece of pieces) {
    block += piece
    if (block.length < BLOCK) continue
    yield block
    block = ''
  }
  if (block !== '') yield block
}

/** Returns the answer as a `Response` whose body is generated while it is read. */
export function responseOf({ status, type, body }: Answered): Response {
  const blocks = inBlocks(body)
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = blocks.next()
        if (next.done === true) controller.close()
        else controller.enqueue(encoder.encode(next.value))
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { status, headers: { 'Content-Type': type } })
}

function page(status: number): Answered {
  return { status, type: 'text/html', body: ['<!DOCTYPE html><html><body><h1>Connect</h1>Sign in</body></html>'] }
}

function* data<T>(list: string, items: Iterable<T>, written: (item: T) => string): Generator<string> {
  yield `<result><returndata><${list}>`
  for (const item of items) yield written(item)
  yield `</${list}></returndata></result>`
}

function element(name: string, children: Record<string, string>): string {
  const inner = Object.entries(children).map(([child, text]) => `<${child}>${escaped(text)}</${child}>`)
  return `<${name}>${inner.join('')}</${name}>`
}

/** Returns the texts of the innermost elements of a document whose root has this name. */
function leaves(xml: string, root: string): string[] {
  const [top] = readTree(xml).children
  if (top?.name !== root) return []
  return top.children.map(({ text, children }) => (children[0]?.text ?? text).trim())
}
