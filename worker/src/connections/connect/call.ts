import { Failure } from '../../core/failure.ts'
import { chunksOf } from '../../formats/reading.ts'
import { refuseAddress } from '../../security/address.ts'
import { boundedBody } from '../body.ts'
import { type ConnectionContext, TIMEOUTS } from '../connection.ts'
import { request } from '../network.ts'
import { statusFailure } from '../status.ts'
import { brokenOff, MOST_READ, notAService, statedFailure, statusMeaning } from './failure.ts'
import { MOST_BEFORE, ResultReader } from './result.ts'
import type { ConnectSettings } from './schema.ts'
import { findOperation, type Operation, readWsdl, type Service } from './wsdl.ts'

/** The longest service description, and the longest answer kept in memory, in bytes. */
const MOST_KEPT = 8 * 1024 * 1024
/**
 * How many times longer an answer may be than the file that is made of it: each short value comes in a lot of escaped
 * markup.
 */
const REPLY_FACTOR = 40
/** How many characters of an answer that is not a result are searched for a fault. */
const MOST_FAULT = 16 * 1024
const FAULT = /<(?:[\w.-]+:)?faultstring[^>]*>([\s\S]*?)<\//i

/** The arguments of a call, keyed by the meaning of each parameter: see `MEANINGS`. */
export type Arguments = Partial<Record<Meaning, string>>
type Meaning = keyof typeof MEANINGS

/**
 * How services spell their parameters, without case and separators. The names that are certain come from public clients
 * of Connect; the others are likely spellings.
 */
const MEANINGS = {
  clientName: ['clientname', 'client', 'clientid'],
  passKey: ['passkey', 'key', 'password'],
  attributesXml: ['attributesxml', 'attributexml', 'attributes'],
  filterIdsXml: ['filteridsxml', 'filteridxml', 'filtersxml', 'filterids', 'filters'],
  startingRecord: ['startingrecord', 'startrecord'],
  endingRecord: ['endingrecord', 'endrecord'],
  searchCriteriaXml: ['searchcriteriaxml', 'searchcriteria'],
  orderByXml: ['orderbyxml', 'orderby'],
  contactId: ['contactid', 'contact', 'id', 'recordid'],
  attribute: ['attributename', 'attribute', 'fieldname', 'field', 'name'],
  value: ['attributevalue', 'value', 'newvalue', 'fieldvalue'],
  sourceCode: ['sourcecode', 'sourcecodeid', 'source', 'changesource'],
} as const satisfies Record<string, readonly string[]>

/** A customer's Connect service: one client name, one pass key, one address. */
export class ConnectService {
  readonly #settings: ConnectSettings
  readonly #context: ConnectionContext
  readonly #url: URL
  readonly #signal: AbortSignal
  #service: Promise<Service> | null = null

  constructor(settings: ConnectSettings, context: ConnectionContext, signal: AbortSignal) {
    this.#settings = settings
    this.#context = context
    this.#signal = signal
    this.#url = new URL(settings.url)
    this.#url.search = ''
    this.#url.hash = ''
  }

  /** Returns the service's host, as messages name it. */
  get from(): string {
    return this.#url.host
  }

  /** Returns the first of these operations that the service describes, or null. */
  async find(...names: string[]): Promise<Operation | null> {
    this.#service ??= this.#describe()
    const service = await this.#service
    return names.map((name) => findOperation(service, name)).find((operation) => operation !== null) ?? null
  }

  /** Returns all operations whose name matches. */
  async matching(pattern: RegExp): Promise<Operation[]> {
    this.#service ??= this.#describe()
    return (await this.#service).filter(({ name }) => pattern.test(name))
  }

  /** Returns an operation that must exist. Throws `Failure` `crm_error` if the service does not have it. */
  async need(name: string): Promise<Operation> {
    const operation = await this.find(name)
    if (operation !== null) return operation
    throw new Failure(
      'crm_error',
      `The web service on ${this.from} has no operation “${name}”.`,
      'Check that the address is that of Connect’s web service, and that this client may use it.',
    )
  }

  /**
   * Calls the operation and yields the document of its result, piece by piece as it arrives. Throws `Failure` if the
   * service answers with anything else (a fault, a text or a page), or if the answer ends early. With `text`, a result
   * that is a plain text or empty is accepted too.
   */
  async *call(operation: Operation, given: Arguments, text = false): AsyncGenerator<string, void> {
    const { clientName, passKey } = this.#settings
    if (passKey === null) {
      throw new Failure('unauthorized', 'There is no pass key for Connect.', 'Enter the pass key.')
    }
    const body = envelope(operation, { ...given, clientName, passKey }, this.from)
    const headers: Record<string, string> = { 'Content-Type': 'text/xml; charset=utf-8' }
    if (operation.soapAction !== '') headers.SOAPAction = `"${operation.soapAction}"`
    const response = await this.#send({ method: 'POST', headers, body })
    const pieces = this.#pieces(response, this.#context.maxBytes * REPLY_FACTOR)
    const reader = new ResultReader(operation.name)
    let start: string | null = ''
    for await (const piece of pieces) {
      const part = reader.write(piece)
      if (!reader.begun && reader.seen.length > MOST_BEFORE) break
      if (start === null) {
        yield part
        continue
      }
      start = start === '' ? part.replace(/^[\s\uFEFF]+/, '') : start + part
      if (start.startsWith('<')) {
        yield start
        start = null
      } else if (start.length > MOST_READ) break
    }
    if (!reader.begun && !(text && isDone(operation, reader.seen))) throw this.#noResult(response, reader.seen)
    if (start !== null && !text) throw statedFailure(start, this.from, this.#settings)
    if (reader.begun && !reader.complete) throw brokenOff(this.from)
    if (start !== null) yield start
  }

  /** Calls the operation like `call`, and returns its short result as one text. */
  async answer(operation: Operation, given: Arguments, text = false): Promise<string> {
    let whole = ''
    for await (const piece of this.call(operation, given, text)) {
      whole += piece
      if (whole.length > MOST_KEPT) throw brokenOff(this.from)
    }
    return whole
  }

  async #describe(): Promise<Service> {
    const url = new URL(this.#url)
    url.search = '?wsdl'
    const response = await this.#send({}, url)
    let xml = ''
    for await (const piece of this.#pieces(response, MOST_KEPT)) xml += piece
    if (isPage(response, xml)) throw notAService(this.from)
    return readWsdl(xml, this.from)
  }

  async #send(init: RequestInit, url = this.#url): Promise<Response> {
    refuseAddress(url, this.#context)
    const timeouts = this.#context.timeouts ?? TIMEOUTS
    const headers = { 'Accept-Encoding': 'identity', 'User-Agent': 'Muster', ...init.headers }
    const bounds = { signal: this.#signal, firstByteMs: timeouts.firstByte }
    const response = await request(url, { ...init, headers }, bounds)
    // Faults come with status 500 (SOAP 1.1, 6.2) and say more than the status does.
    if (response.status === 200 || (response.status === 500 && init.method === 'POST')) return response
    await response.body?.cancel()
    throw statusMeaning(response.status, this.from) ?? statusFailure(response, this.from, 'sent')
  }

  async *#pieces(response: Response, maxBytes: number): AsyncGenerator<string, void> {
    const length = response.headers.get('Content-Length')
    const encoded = response.headers.has('Content-Encoding')
    const body = boundedBody(response.body ?? new Blob().stream(), {
      from: this.from,
      maxBytes,
      idleMs: (this.#context.timeouts ?? TIMEOUTS).idle,
      expectedBytes: length === null || encoded ? null : Number(length),
      signal: this.#signal,
    })
    const decoder = new TextDecoder()
    for await (const chunk of chunksOf(body)) yield decoder.decode(chunk, { stream: true })
  }

  #noResult(response: Response, seen: string): Failure {
    const fault = FAULT.exec(seen.slice(0, MOST_FAULT))?.[1]
    if (fault !== undefined) return statedFailure(fault, this.from, this.#settings)
    if (isPage(response, seen)) return notAService(this.from)
    if (response.status === 500) return statusFailure(response, this.from, 'sent')
    const isSoap = /<(?:[\w.-]+:)?Envelope[\s>]/i.test(seen)
    if (isSoap && !/<\/(?:[\w.-]+:)?Envelope\s*>\s*$/i.test(seen)) return brokenOff(this.from)
    return statedFailure(isSoap ? '' : seen.slice(0, MOST_READ), this.from, this.#settings)
  }
}

/** Returns whether an answer confirms the call of an operation that has no result. */
function isDone({ name }: Operation, seen: string): boolean {
  return new RegExp(`<(?:[\\w.-]+:)?${name}Response\\b`, 'i').test(seen) && /Envelope\s*>\s*$/.test(seen)
}

function isPage(response: Response, text: string): boolean {
  return (
    /^\s*(<!doctype html|<html|<head|<body)/i.test(text) || /html/i.test(response.headers.get('Content-Type') ?? '')
  )
}

/** Builds a SOAP 1.1 request, with each parameter under the name and at the position that the service gives it. */
function envelope(operation: Operation, given: Arguments, from: string): string {
  const { element, namespace, qualified, parameters } = operation
  const members = parameters.map(({ name, optional }) => {
    const meaning = meaningOf(name)
    const value = meaning === null ? undefined : given[meaning]
    if (value === undefined && optional) return ''
    const xmlns = qualified ? '' : ' xmlns=""'
    return `<${name}${xmlns}>${escaped(value ?? '')}</${name}>`
  })
  for (const meaning of Object.keys(given)) {
    if (parameters.some(({ name }) => meaningOf(name) === meaning)) continue
    throw new Failure(
      'crm_error',
      `The operation “${operation.name}” of ${from} has no parameter for ${WORDS[meaning] ?? meaning}.`,
      'Connect’s web service is another than Muster knows. Tell the operator of Muster.',
    )
  }
  const call = `<${element} xmlns="${escaped(namespace)}">${members.join('')}</${element}>`
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${call}</soap:Body></soap:Envelope>`
  )
}

const WORDS: Readonly<Record<string, string>> = {
  clientName: 'the client name',
  passKey: 'the pass key',
  attributesXml: 'attributes',
  filterIdsXml: 'filter IDs',
  startingRecord: 'the first record',
  endingRecord: 'the last record',
  searchCriteriaXml: 'search criteria',
  orderByXml: 'an order',
  contactId: 'the contact ID',
  attribute: 'the attribute',
  value: 'the value',
  sourceCode: 'the source code',
}

/** Returns whether the operation has a parameter with this meaning. */
export function takes({ parameters }: Operation, meaning: Meaning): boolean {
  return parameters.some(({ name }) => meaningOf(name) === meaning)
}

function meaningOf(parameter: string): Meaning | null {
  const key = parameter.toLowerCase().replace(/[^a-z]/g, '')
  for (const [meaning, spellings] of Object.entries(MEANINGS)) {
    if ((spellings as readonly string[]).includes(key)) return meaning as Meaning
  }
  return null
}

/** Escapes text for an element or an attribute. Characters that XML cannot hold are left out (XML 1.0, 2.2). */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
