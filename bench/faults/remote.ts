import { college, edit, student } from '../../local/demo/connect/college.ts'
import { type ConnectStandIn, responseOf } from '../../local/demo/connect/service.ts'
import { csvOf, type Person } from '../../worker/src/testing/roster.ts'
import type { Random } from '../catalogue/random.ts'

/** The contacts of a file, by ID: what the directory must say of them once the file has been imported. */
export type Expected = ReadonlyMap<string, { name: string; title: string | null; number: string }>

/** A version of a source's file. */
export interface Version {
  text: string
  people: Expected
}

/** A web server with the file of one source. Each version is another list of the same people, some of them gone. */
export class FileSource {
  readonly url: string
  version: Version
  readonly #random: Random
  readonly #prefix: string
  #versions = 0

  constructor(random: Random, prefix: string) {
    this.#random = random
    this.#prefix = prefix
    this.url = `https://files.example.org/${prefix}/contacts.csv`
    this.version = this.#next()
  }

  change(): void {
    this.version = this.#next()
  }

  #next(): Version {
    const random = this.#random
    this.#versions++
    const people = Array.from({ length: 8 }, (_, i): Person & { Title: string; Name: string; Number: string } => ({
      ID: `${this.#prefix}${i}`,
      Name: `Person ${this.#prefix}${i}`,
      Title: random.chance(0.5) ? '' : `Title ${random.below(3)}`,
      // A number changes now and then; the name stays, so that an ID is always the same person.
      Number: `+1604555${this.#prefix === 'a' ? 1 : 2}${i}${random.chance(0.9) ? 1 : 2}0`,
      Groups: random.pick(['Rope', 'Search', 'Rope, Search']),
    })).filter(() => random.chance(0.85))
    return {
      // The last line differs with each version, so that two versions never have the same bytes.
      text: csvOf([...people, { ID: `${this.#prefix}9`, Name: `Version ${this.#versions}`, Number: '+16045559990' }]),
      people: new Map([
        ...people.map(
          ({ ID, Name, Title, Number: number }) => [ID, { name: Name, title: Title || null, number }] as const,
        ),
        [`${this.#prefix}9`, { name: `Version ${this.#versions}`, title: null, number: '+16045559990' }],
      ]),
    }
  }

  /** Answers a request, with a trouble of the server as often as `troubled` says. */
  answer(request: Request, troubled: number): Response {
    const { text } = this.version
    const etag = `"${this.#versions}"`
    if (this.#random.chance(troubled)) return this.#trouble(text)
    if (request.headers.get('If-None-Match') === etag) return new Response(null, { status: 304 })
    return new Response(text, { headers: { ETag: etag, 'Content-Length': String(text.length) } })
  }

  #trouble(text: string): Response {
    const status = this.#random.pick([500, 503, 429, 403, 404, 200, 201])
    if (status === 201) return new Response(new ReadableStream(), { status: 200 })
    if (status === 200) return new Response(text.slice(0, -20), { headers: { 'Content-Length': String(text.length) } })
    return new Response('Trouble', { status, headers: { 'Retry-After': String(this.#random.pick([0, 5, 60, 900])) } })
  }
}

/** A CRM to which SMS statuses are written back. */
export class CrmSource {
  readonly url = 'https://crm.example.org/ws/bridge.asmx'
  readonly service: ConnectStandIn
  readonly #random: Random

  constructor(random: Random, now: () => Date) {
    this.#random = random
    this.service = college()
    this.service.now = now
    this.service.contacts = Array.from({ length: 5 }, (_, i) => student(i, { smsstatus: '', major: 'BIO' }))
  }

  /** Changes the name of a person's major, and nothing by which the person is known. */
  change(at: number): void {
    edit(this.#random.pick(this.service.contacts), at, { major: this.#random.pick(['BIO', 'NUR', 'ART']) })
  }

  /** Returns the status that the CRM shows for the contact with an ID. */
  shown(id: string): string {
    return String(this.service.contacts.find(({ contactid }) => contactid === id)?.smsstatus ?? '')
  }

  async answer(request: Request, troubled: number): Promise<Response> {
    if (this.#random.chance(troubled)) return new Response('Trouble', { status: this.#random.pick([500, 503]) })
    const { method, url, headers } = request
    const body = method === 'GET' ? '' : await request.text()
    return responseOf(this.service.answer({ method, url, soapAction: headers.get('SOAPAction'), body }))
  }
}
