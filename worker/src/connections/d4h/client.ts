import type * as z from 'zod'
import { Failure } from '../../core/failure.ts'
import { refuseAddress } from '../../security/address.ts'
import { boundedBody } from '../body.ts'
import { type ConnectionContext, TIMEOUTS } from '../connection.ts'
import { contentLength } from '../http-file.ts'
import { request } from '../network.ts'
import { d4hFailure, SUBJECTS, type Subject } from './failure.ts'
import { Pace } from './pace.ts'
import type { D4hSettings } from './schema.ts'

/** A request to D4H, and the schema of its answer. */
export interface Question<T> {
  subject: Subject
  /** The path from the root: `/v3/whoami`. */
  path: string
  query: readonly (readonly [name: string, value: string])[]
  answer: z.ZodType<T>
}

/** The longest answer to one request, in bytes: a page has some hundreds of kilobytes. */
const LONGEST_ANSWER = 16 * 1024 * 1024

/**
 * How long one fetch may wait in total for D4H's limits, in milliseconds. It is well below the time after which a run
 * counts as stuck.
 */
const PATIENCE = 45_000

/** Sends requests to D4H's API, one after the other, at the pace that D4H allows. */
export class D4hClient {
  /** The server, as messages name it. */
  readonly host: string
  readonly #settings: D4hSettings
  readonly #context: ConnectionContext
  readonly #signal: AbortSignal
  readonly #pace: Pace

  constructor(settings: D4hSettings, context: ConnectionContext, signal: AbortSignal, patience = PATIENCE) {
    this.host = new URL(settings.url).host
    this.#settings = settings
    this.#context = context
    this.#signal = signal
    this.#pace = new Pace(this.host, signal, patience)
  }

  /** Returns the answer to one request. Throws `Failure`, or the signal's reason when aborted. */
  async ask<T>(question: Question<T>): Promise<T> {
    // The API is at the root of its host; a path in the administrator's address is ignored.
    const url = new URL(question.path, this.#settings.url)
    url.search = new URLSearchParams(question.query.map(([name, value]) => [name, value])).toString()
    refuseAddress(url, this.#context)
    const response = await this.#send(url)
    if (response.status !== 200) {
      await response.body?.cancel()
      throw d4hFailure(response, this.host, question.subject)
    }
    return this.#read(await this.#text(response), question)
  }

  async #send(url: URL): Promise<Response> {
    const { token } = this.#settings
    if (token === null) {
      throw new Failure('unauthorized', 'No D4H token is set.', 'Enter a personal access token made in D4H.')
    }
    // Asks for an uncompressed answer, so that Content-Length is its length and a cut answer is always detected.
    const headers = {
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      Authorization: `Bearer ${token}`,
      'User-Agent': 'Muster',
    }
    const firstByteMs = (this.#context.timeouts ?? TIMEOUTS).firstByte
    for (;;) {
      await this.#pace.turn()
      const response = await request(url, { headers }, { signal: this.#signal, firstByteMs })
      this.#pace.note(response)
      if (response.status !== 429) return response
      await response.body?.cancel()
    }
  }

  async #text(response: Response): Promise<string> {
    const body = boundedBody(response.body ?? new Blob().stream(), {
      from: this.host,
      maxBytes: LONGEST_ANSWER,
      idleMs: (this.#context.timeouts ?? TIMEOUTS).idle,
      expectedBytes: contentLength(response.headers),
      signal: this.#signal,
    })
    const decoder = new TextDecoder()
    let text = ''
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text + decoder.decode()
      text += decoder.decode(value, { stream: true })
    }
  }

  #read<T>(text: string, { answer, subject }: Question<T>): T {
    const parsed = answer.safeParse(jsonOf(text, this.host))
    if (parsed.success) return parsed.data
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new Failure(
      'crm_error',
      `${this.host} answered about ${SUBJECTS[subject].what} in a form that Muster does not know${where === '' ? '' : ` (${where})`}.`,
      'Check the address. If it is right, D4H may have changed its API: tell the operator of Muster.',
    )
  }
}

function jsonOf(text: string, host: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    if (/^\s*[{[]/.test(text)) {
      throw new Failure(
        'truncated',
        `${host} broke off in the middle of an answer.`,
        'Nothing was imported. Run the import again; if this goes on, ask D4H.',
      )
    }
    throw new Failure(
      'not_a_contact_file',
      `${host} sent something other than D4H’s data, perhaps a web page.`,
      'Choose the region of your team, or enter the address of D4H’s API such as https://api.team-manager.ca.d4h.com.',
    )
  }
}
