import { ConnectStandIn, responseOf } from '../../../../local/demo/connect/service.ts'
import type { Row } from './roster.ts'

/** The attributes of a record, with the labels that the columns of a file have. */
const ATTRIBUTES = [
  { name: 'contactid', label: 'Contact ID' },
  { name: 'first', label: 'First name' },
  { name: 'last', label: 'Last name' },
  { name: 'mobile', label: 'Cell' },
  { name: 'home', label: 'Home phone' },
  { name: 'mail', label: 'Mail' },
  { name: 'job', label: 'Job' },
  { name: 'team', label: 'Team' },
  { name: 'sms', label: 'SMS Opt-In' },
]

/** An SMS status that Muster wrote to the record with an ID. `at` is in milliseconds since 1970. */
interface Write {
  id: string
  value: string
  at: number
}

/** A CRM with the rows of a roster as its records, to which Muster writes SMS statuses. */
export class Crm {
  readonly #service = new ConnectStandIn()
  #writes: Write[] = []
  /** The rows as Muster last read them, and when; null if it has read none. */
  read: { rows: readonly Row[]; fetchedAt: number } | null = null

  constructor() {
    this.#service.attributes = ATTRIBUTES
    this.#service.filters = [{ id: 1, name: 'Everybody', has: () => true }]
    this.#service.sourceCodes = [{ code: 'MUSTER', name: 'Muster' }]
  }

  /** Returns the connection of a source, for which the CRM answers at `url`. */
  connection(url: string): object {
    const { clientName, passKey } = this.#service
    return { kind: 'connect', url, clientName, passKey, filterIds: [1], sourceCode: 'MUSTER' }
  }

  /** Replaces the records. `version` is the title of everybody. */
  fill(rows: readonly Row[], version: string): void {
    this.read = null
    this.#service.contacts = rows.map(({ id, name, mobile, landline, email, sms }) => {
      const [first = '', last = ''] = name.split(' ')
      return { contactid: id, first, last, mobile, home: landline, mail: email, job: version, team: 'All', sms }
    })
  }

  async answer(request: Request): Promise<Response> {
    const { calls } = this.#service
    const before = calls.length
    const { method, url, headers } = request
    const answer = this.#service.answer({
      method,
      url,
      soapAction: headers.get('SOAPAction'),
      body: await request.text(),
    })
    for (const { given } of calls.slice(before)) {
      if (given.filters !== undefined) this.read = { rows: this.#rows(), fetchedAt: Date.now() }
      const { contactId: id, value } = given
      if (id !== undefined && value !== undefined) this.#writes.push({ id, value, at: Date.now() })
    }
    return responseOf(answer)
  }

  /** Returns what Muster has written since the last call. */
  takeWrites(): Write[] {
    const writes = this.#writes
    this.#writes = []
    return writes
  }

  #rows(): Row[] {
    return this.#service.contacts.map((record) => {
      const of = (attribute: string) => String(record[attribute] ?? '')
      const name = `${of('first')} ${of('last')}`.trim()
      return {
        id: of('contactid'),
        name,
        mobile: of('mobile'),
        landline: of('home'),
        email: of('mail'),
        sms: of('sms'),
      }
    })
  }
}
