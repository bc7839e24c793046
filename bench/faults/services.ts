import { college, edit, student } from '../../local/demo/connect/college.ts'
import { type ConnectStandIn, responseOf } from '../../local/demo/connect/service.ts'
import { D4hService } from '../../local/demo/d4h/service.ts'
import { type D4hTeamData, d4hMember, d4hTeam } from '../../local/demo/d4h/team.ts'
import { collegeSource } from '../../worker/src/testing/connect-source.ts'
import type { Random } from '../catalogue/random.ts'
import { type Expected, type Remote, somePeople } from './remote.ts'

/** A CRM to which SMS statuses are written back. */
export class CrmSource implements Remote {
  readonly people = null
  readonly #service: ConnectStandIn
  readonly #random: Random

  constructor(random: Random, now: () => number) {
    this.#random = random
    this.#service = college()
    this.#service.now = () => new Date(now())
    this.#service.contacts = Array.from({ length: 5 }, (_, i) => student(i, { smsstatus: '', major: 'BIO' }))
  }

  get settings(): Record<string, unknown> {
    const settings = collegeSource(this.#service)
    const mapping = [...(settings.mapping as object[]), { column: 'SMS Status', to: 'smsStatus' }]
    return { ...settings, mapping, changesOnly: false }
  }

  /** Changes the name of a person's major, and nothing by which the person is known. */
  change(now: number): void {
    edit(this.#random.pick(this.#service.contacts), now, { major: this.#random.pick(['BIO', 'NUR', 'ART']) })
  }

  has(url: string): boolean {
    return url.includes('bridge.asmx')
  }

  async answer(request: Request, troubled: number): Promise<Response> {
    if (this.#random.chance(troubled)) return new Response('Trouble', { status: this.#random.pick([500, 503]) })
    const { method, url, headers } = request
    const body = method === 'GET' ? '' : await request.text()
    return responseOf(this.#service.answer({ method, url, soapAction: headers.get('SOAPAction'), body }))
  }

  shown(id: string): 'opted_in' | 'opted_out' | null {
    const status = this.#service.contacts.find(({ contactid }) => contactid === id)?.smsstatus
    return status === 'N' ? 'opted_out' : status === 'Y' ? 'opted_in' : null
  }
}

const API = 'https://api.team-manager.ca.d4h.com'
const TOKEN = 'the-token-of-the-team'

/** A team in D4H, whose members come in several requests. */
export class TeamSource implements Remote {
  readonly #service: D4hService
  readonly #team: D4hTeamData = d4hTeam({ id: 12, title: 'North Shore Rescue' })
  readonly #random: Random

  constructor(random: Random, now: () => number) {
    this.#random = random
    this.#service = new D4hService([this.#team], TOKEN, now)
    this.change(now())
  }

  get settings(): Record<string, unknown> {
    return { connection: { kind: 'd4h', url: API, token: TOKEN, teamId: this.#team.id } }
  }

  get people(): Expected {
    const { members } = this.#team
    return new Map(
      members.map(({ id, name, position, mobile }) => [String(id), { name, title: position, number: mobile ?? '' }]),
    )
  }

  change(now: number): void {
    const updatedAt = new Date(now).toISOString()
    this.#team.members = somePeople(this.#random, '10', '3').map(({ ID, Name, Title, Number: mobile }) =>
      d4hMember({ id: Number(ID), name: Name, position: Title || null, mobile, updatedAt }),
    )
  }

  has(url: string): boolean {
    return url.startsWith(API)
  }

  answer(request: Request, troubled: number): Promise<Response> | Response {
    if (!this.#random.chance(troubled)) return this.#service.handle(request)
    const status = this.#random.pick([500, 503, 429])
    return new Response('Trouble', { status, headers: { 'Retry-After': String(this.#random.pick([0, 5, 60, 900])) } })
  }
}
