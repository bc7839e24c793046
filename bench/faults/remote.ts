import Papa from 'papaparse'
import type { FileVersion } from '../../sftp-bridge/request.ts'
import { ID_COLUMN, STATUS_COLUMN, STATUS_WORDS } from '../../worker/src/store/opt-out-list.ts'
import { csvOf, type Person } from '../../worker/src/testing/roster.ts'
import type { Random } from '../catalogue/random.ts'

/** Contacts by ID: what the directory must say of them once they have been imported. */
export type Expected = ReadonlyMap<string, { name: string; title: string | null; number: string }>

/** The server of one source. */
export interface Remote {
  /** The settings of the source, beside its name, recipients and limits. */
  readonly settings: Record<string, unknown>
  /** The contacts as they are now; null if only their SMS statuses are judged. */
  readonly people: Expected | null
  /** Changes the contacts, at this time. */
  change(now: number): void
  /** Says whether a request is to this server. */
  has(url: string): boolean
  /** Answers a request, with a trouble of the server as often as `troubled` says. */
  answer(request: Request, troubled: number): Promise<Response> | Response
  /** Returns the SMS status that the server shows for the contact with an ID; null if it shows none. */
  shown?(id: string): 'opted_in' | 'opted_out' | null
  /** The files that Muster has moved or deleted, and the one that is there. */
  readonly taken?: readonly FileVersion[]
  readonly left?: FileVersion | null
  /** Sees to it that there is a file. */
  offer?(): void
}

type Described = Required<Pick<Person, 'ID' | 'Name' | 'Title' | 'Number'>> & Person

/** Returns a version of the same eight people, some of whom are gone. `block`: the digit of their numbers. */
export function somePeople(random: Random, prefix: string, block: string): Described[] {
  return Array.from({ length: 8 }, (_, i) => ({
    ID: `${prefix}${i}`,
    Name: `Person ${prefix}${i}`,
    Title: random.chance(0.5) ? '' : `Title ${random.below(3)}`,
    // A number changes now and then; the name stays, so that an ID is always the same person.
    Number: `+1604555${block}${i}${random.chance(0.9) ? 1 : 2}0`,
    Groups: random.pick(['Rope', 'Search', 'Rope, Search']),
  })).filter(() => random.chance(0.85))
}

/** The digit of the numbers in each file, by the first letter of its IDs. */
const BLOCKS = { a: '1', b: '2', c: '4' }

/** A web server or a bucket with the file of one source. Each version is another list of the same people, some of them gone. */
export class FileSource implements Remote {
  people: Expected = new Map()
  protected readonly random: Random
  protected versions = 0
  protected text = ''
  readonly #prefix: keyof typeof BLOCKS

  constructor(random: Random, prefix: keyof typeof BLOCKS) {
    this.random = random
    this.#prefix = prefix
    this.change()
  }

  get settings(): Record<string, unknown> {
    return { connection: { kind: 'https', url: `${this.host}/contacts.csv` } }
  }

  protected get host(): string {
    return `https://files.example.org/${this.#prefix}`
  }

  change(): void {
    this.versions++
    // The last line differs with each version, so that two versions never have the same bytes.
    const last = { ID: `${this.#prefix}9`, Name: `Version ${this.versions}`, Number: '+16045559990' }
    const people = [...somePeople(this.random, this.#prefix, BLOCKS[this.#prefix]), { Title: '', ...last }]
    this.text = csvOf(people)
    this.people = new Map(
      people.map(({ ID, Name, Title, Number: number }) => [ID, { name: Name, title: Title || null, number }]),
    )
  }

  has(url: string): boolean {
    return url.startsWith(this.host)
  }

  answer(request: Request, troubled: number): Promise<Response> | Response {
    const { text } = this
    const etag = `"${this.versions}"`
    if (this.random.chance(troubled)) return this.trouble(text)
    if (request.headers.get('If-None-Match') === etag) return new Response(null, { status: 304 })
    return new Response(text, { headers: { ETag: etag, 'Content-Length': String(text.length) } })
  }

  /** Returns an answer that nobody wants instead of a text. */
  protected trouble(text: string): Response {
    const status = this.random.pick([500, 503, 429, 403, 404, 200, 201])
    if (status === 201) return new Response(new ReadableStream(), { status: 200 })
    if (status === 200) return new Response(text.slice(0, -20), { headers: { 'Content-Length': String(text.length) } })
    return new Response('Trouble', { status, headers: { 'Retry-After': String(this.random.pick([0, 5, 60, 900])) } })
  }
}

/** A bucket of S3 with the file of a source, into which Muster writes the statuses that are set here. */
export class BucketSource extends FileSource {
  /** The file of opt-outs; null until it is written. */
  #optOuts: string | null = null

  override get settings(): Record<string, unknown> {
    const keys = { accessKeyId: 'AKIANORTHSHORE', secretAccessKey: 's3cret-of-the-team' }
    const places = { url: `${this.host}/contacts.csv`, optOuts: { path: 'opt-outs.csv' } }
    return { connection: { kind: 's3', region: 'ca-central-1', ...places, ...keys } }
  }

  protected override get host(): string {
    return 'https://north-shore.s3.ca-central-1.amazonaws.com'
  }

  override async answer(request: Request, troubled: number): Promise<Response> {
    if (!new URL(request.url).pathname.endsWith('/opt-outs.csv')) return super.answer(request, troubled)
    const before = this.random.chance(troubled / 2)
    if (request.method === 'PUT') {
      const text = await request.text()
      if (!before) this.#optOuts = text
      return before || this.random.chance(troubled / 2) ? new Response('Trouble', { status: 503 }) : new Response()
    }
    if (before) return this.trouble(this.#optOuts ?? '')
    if (this.#optOuts !== null) return new Response(this.#optOuts)
    return new Response('<Error><Code>NoSuchKey</Code></Error>', { status: 404 })
  }

  shown(id: string): 'opted_in' | 'opted_out' | null {
    const { data } = Papa.parse<Record<string, string>>(this.#optOuts ?? '', { header: true })
    const words = new Set(data.filter((row) => row[ID_COLUMN] === id).map((row) => row[STATUS_COLUMN]))
    if (words.size !== 1) return null
    return words.has(STATUS_WORDS.opted_out) ? 'opted_out' : words.has(STATUS_WORDS.opted_in) ? 'opted_in' : null
  }
}
