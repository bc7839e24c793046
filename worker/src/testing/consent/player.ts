import type { Page } from '../../api/views/answer.ts'
import type { ChangeView } from '../../api/views/run.ts'
import type { Step } from '../../env.ts'
import { takeText } from '../../run/sms.ts'
import type { Muster } from '../muster.ts'
import { type Action, type Death, type History, LIMITS, type Slot, type SmsAction, type Verdict } from './actions.ts'
import { Crm } from './crm.ts'
import { Judge } from './judging.ts'
import { type Contact, type Directory, personOf, type Turn } from './person.ts'
import { at, emailOf, fileOf, MAPPINGS, meaningOf, NUMBERS, numbersOf, Roster, type Row, SMS_VALUES } from './roster.ts'
import { type Reading, Rules, type WaitingOptOut } from './rules.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']
/** How often the queue is emptied and the sweeper resends a lost message, at most. */
const MOST_ROUNDS = 8
const MONTH = 31 * 24 * 60 * 60_000
const MANUAL = ['Ana Adams', 'Ben Brown', 'Zoe Zuse'] as const

/** A file, or the records of a CRM, that a source's run has fetched. */
interface Fetched {
  rows: readonly Row[]
  version: string
  sms: boolean
  fetchedAt: number
  /** The IDs of the rows whose opt-outs the rules know. */
  optedOut: Set<string>
}

interface PlayedSource {
  id: string
  /** Null if the source is a file. */
  crm: Crm | null
  enabled: boolean
  /** Whether its mapping has the SMS column. */
  sms: boolean
  /** The runs that may be undone, the oldest first. */
  runs: string[]
  held: string | null
}

/** Plays a history on a Muster and on the rules. Throws at the first action after which they differ. */
export class Player {
  readonly #world: Muster
  readonly #rules = new Rules()
  readonly #judge: Judge
  readonly #sources: [PlayedSource | null, PlayedSource | null] = [null, null]
  readonly #rosters: [Roster, Roster] = [new Roster(), new Roster()]
  readonly #fetched = new Map<string, Fetched>()
  readonly #files: [string, string] = ['', '']
  #versions = 0
  #texts = 0

  constructor(world: Muster) {
    this.#world = world
    this.#judge = new Judge(world, this.#rules)
    // Small pieces, so that a plan is applied in several transactions.
    world.env.PLAN_CHUNK = 300
    world.remote = (request) => {
      const slot = new URL(request.url).pathname.startsWith('/0/') ? 0 : 1
      return this.#sources[slot]?.crm?.answer(request) ?? new Response(this.#files[slot])
    }
  }

  async play({ rows, actions }: History): Promise<void> {
    for (const [slot, file] of rows.entries()) this.#rosters[slot as Slot].rows = file.map((row) => ({ ...row }))
    for (const [i, action] of actions.entries()) {
      try {
        await this.#do(action)
        this.#observeWrites(this.#rules.directory)
        await this.#judge.judge()
      } catch (error) {
        throw new Error(`After action ${i + 1}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
      }
    }
  }

  async #do(action: Action): Promise<void> {
    this.#world.passTime(1000)
    switch (action.do) {
      case 'text':
      case 'set':
        return this.#decideSms(action)
      case 'a month passes':
        this.#world.passTime(MONTH)
        await this.#world.tick(15)
        await this.#world.drain()
        return
      case 'make': {
        const name = at(MANUAL, action.name)
        const numbers = [
          { number: at(NUMBERS, action.mobile), type: 'mobile' },
          ...(action.landline === null || action.landline === action.mobile
            ? []
            : [{ number: at(NUMBERS, action.landline), type: 'landline' }]),
        ]
        const body = { id: String(action.id + 1), name, numbers, emails: [emailOf(name)], groups: ['All'] }
        return this.#ask('POST', '/api/contacts', body)
      }
      case 'edit':
        return this.#edit(action)
      case 'remove': {
        const contact = this.#picked(action.pick)
        return contact && this.#ask('DELETE', `/api/contacts/${contact.key}`)
      }
      case 'erase': {
        const contact = this.#picked(action.pick)
        // A plan that waits would be made again, in a run of which the rules learn nothing.
        if (contact === undefined || this.#sources.some((source) => source?.held != null)) return
        this.#rules.erased.push(contact)
        return this.#ask('POST', `/api/contacts/${contact.key}/erase`, { reason: 'Asked' })
      }
      case 'source':
        return this.#makeSource(action)
      default: {
        const source = this.#sources[action.slot]
        return source === null ? undefined : this.#change(source, action)
      }
    }
  }

  async #change(
    source: PlayedSource,
    action: Exclude<Extract<Action, { slot: Slot }>, { do: 'source' }>,
  ): Promise<void> {
    switch (action.do) {
      case 'enable':
        await this.#world.api('PATCH', `/api/sources/${source.id}`, { enabled: action.enabled })
        source.enabled = action.enabled
        return
      case 'delete source':
        await this.#ask('DELETE', `/api/sources/${source.id}?contacts=${action.contacts}`)
        this.#sources[action.slot] = null
        return
      case 'import':
        return this.#import(source, action)
      case 'decide':
        return this.#decide(source, action.verdict)
      case 'undo':
        return this.#undo(source, action)
    }
  }

  async #decideSms(smsAction: SmsAction): Promise<void> {
    if (smsAction.do === 'text') {
      const from = at(NUMBERS, smsAction.number)
      const id = `text ${++this.#texts}`
      await takeText(this.#world.env, { id, from, body: smsAction.words }, Date.now())
      this.#rules.text(from, smsAction.words, Date.now())
    } else {
      const contact = this.#picked(smsAction.pick)
      if (contact === undefined) return
      const body = { status: smsAction.status, reason: 'Asked' }
      await this.#world.api('PUT', `/api/contacts/${contact.key}/sms-status`, body)
      this.#rules.set(contact.key, smsAction.status, Date.now())
    }
    if (!smsAction.tells) return
    this.#world.passTime(1000)
    for (let next = this.#taken('writeBack'); next !== undefined; next = this.#taken('writeBack'))
      await this.#world.deliver(next)
    for (const { contact, value } of this.#observeWrites(this.#rules.directory)) this.#judge.judgeWrite(contact, value)
    this.#world.passTime(1000)
  }

  /** Takes the first message of this step, or of any step of a run, out of the queue. */
  #taken(step: 'writeBack' | 'run'): Step | undefined {
    const { messages } = this.#world
    const found = messages.findIndex((one) => (step === 'run' ? 'run' in one.step : one.step.step === step))
    return found === -1 ? undefined : messages.splice(found, 1)[0]?.step
  }

  /**
   * Tells the rules which statuses Muster has written to CRMs, and returns them. The rows of the rosters have them from now on.
   */
  #observeWrites(directory: Directory): { contact: Contact; value: string }[] {
    const written: { contact: Contact; value: string }[] = []
    for (const [slot, source] of this.#sources.entries()) {
      for (const { id, value, at: time } of source?.crm?.takeWrites() ?? []) {
        const contact = contactAt(directory, source?.id ?? '', id)
        if (contact !== undefined) {
          this.#rules.wrote(contact, value, time)
          written.push({ contact, value })
        }
        for (const row of this.#rosters[slot as Slot].rows) if (row.id === id) row.sms = value
      }
    }
    return written
  }

  /** Makes the request, which may be refused, and tells the rules how the directory looks then. */
  async #ask(method: string, path: string, body?: unknown): Promise<void> {
    await this.#world.request(method, path, body)
    const before = this.#rules.directory
    const after = await this.#judge.read()
    const turns = [...new Set([...before.keys(), ...after.keys()])].map((key): Turn => {
      return { before: before.get(key) ?? null, after: after.get(key) ?? null }
    })
    this.#rules.change({
      run: null,
      undoes: null,
      after,
      turns,
      readings: [],
      waiting: [],
      fetchedAt: 0,
      now: Date.now(),
    })
  }

  async #edit({ pick, what, to }: Extract<Action, { do: 'edit' }>): Promise<void> {
    const contact = this.#picked(pick)
    if (contact === undefined) return
    const name = at(MANUAL, to)
    const numbers = [{ number: at(NUMBERS, to), type: to % 3 === 0 ? 'landline' : 'mobile' }]
    const values = { name, numbers, emails: [emailOf(name)] }
    const body = what === 'everything' ? values : { [what]: values[what] }
    await this.#ask('PATCH', `/api/contacts/${contact.key}`, body)
  }

  async #makeSource({ slot, kind, limits, removal }: Extract<Action, { do: 'source' }>): Promise<void> {
    if (this.#sources[slot] !== null) return
    const url = `https://remote.example.org/${slot}/contacts`
    const crm = kind === 'crm' ? new Crm() : null
    const id = await this.#world.source({
      name: `Source ${slot}`,
      connection: crm?.connection(url) ?? { kind: 'https', url },
      mapping: MAPPINGS[kind],
      smsStatus: SMS_VALUES,
      removal,
      ...(crm !== null && { changesOnly: false }),
      ...LIMITS[limits],
    })
    this.#sources[slot] = { id, crm, enabled: true, sms: true, runs: [], held: null }
  }

  async #import(source: PlayedSource, action: Extract<Action, { do: 'import' }>): Promise<void> {
    const roster = this.#rosters[action.slot]
    for (const edit of action.edits) roster.edit(edit)
    if (!source.enabled && action.mode === 'apply') return
    const version = `v${++this.#versions}`
    const rows = (action.turned ? roster.rows.toReversed() : roster.rows).map((row) => ({ ...row }))
    this.#files[action.slot] = fileOf(rows, version)
    source.crm?.fill(rows, version)
    if (action.sms !== source.sms) {
      const mapping = MAPPINGS[source.crm === null ? 'file' : 'crm'].filter(
        ({ to }) => action.sms || to !== 'smsStatus',
      )
      await this.#world.api('PATCH', `/api/sources/${source.id}`, { mapping })
      source.sms = action.sms
    }
    const { id } = await this.#world.api<{ id: string }>('POST', `/api/sources/${source.id}/runs`, {
      mode: action.mode,
    })
    this.#fetched.set(id, { rows, version, sms: action.sms, fetchedAt: Date.now(), optedOut: new Set() })
    if (action.meanwhile !== null && action.death === null) {
      for (let step = 0; step < action.meanwhile.after; step++) {
        const next = this.#taken('run')
        if (next !== undefined) await this.#world.deliver(next)
      }
      const { status } = await this.#world.run(id)
      this.#observeRead(source, id)
      if (status === 'applying') await this.#observeOptOuts(source, id)
      this.#world.passTime(1000)
      if (ACTIVE.includes(status)) await this.#decideSms(action.meanwhile.smsAction)
    }
    await this.#finish(id, action.death, action.times)
    this.#observeRead(source, id)
    const run = await this.#world.run(id)
    if (!['succeeded', 'held'].includes(run.status)) return
    source.runs.push(id)
    source.held = run.status === 'held' ? id : null
    await this.#observe(source, id, true)
    if (run.status !== 'held') return
    await this.#judge.judge()
    await this.#decide(source, action.verdict)
  }

  async #decide(source: PlayedSource, { is, parts, rekey }: Verdict): Promise<void> {
    const { held } = source
    if (held === null || is === 'leave') return
    this.#world.passTime(1000)
    const { plan, rekeyed } = await this.#world.run(held)
    const body = {
      planHash: plan?.hash,
      ...(parts === null ? {} : { parts }),
      ...(rekeyed === null || rekey === null ? {} : { rekey }),
    }
    const response = await this.#world.request('POST', `/api/runs/${held}/${is}`, is === 'approve' ? body : undefined)
    if (!response.ok) return
    source.held = null
    await this.#world.drain()
    await this.#observe(source, held, false)
  }

  async #undo(source: PlayedSource, { back, death }: Extract<Action, { do: 'undo' }>): Promise<void> {
    const run = source.runs.at(-1 - back)
    if (run === undefined) return
    const response = await this.#world.request('POST', `/api/runs/${run}/undo`)
    if (!response.ok) return
    const { id }: { id: string } = await response.json()
    await this.#finish(id, death, 1)
    if (source.held === run) source.held = null
    source.runs.push(id)
    await this.#observe(source, id, false)
  }

  /** Delivers messages until the run is over or waits, with a crash of the Worker on the way. */
  async #finish(run: string, death: Death | null, times: number): Promise<void> {
    if (death === null) return this.#world.drain(times)
    const { faults, messages } = this.#world
    faults.crashAt(death.at, death.when)
    for (let round = 0; round < MOST_ROUNDS; round++) {
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        await this.#world.deliver(next.step)
        if (!faults.dead) continue
        faults.restart()
        if (death.message === 'redelivered') messages.unshift(next)
      }
      if (!ACTIVE.includes((await this.#world.run(run)).status)) return faults.restart()
      await this.#world.tick(15)
    }
    throw new Error('The run did not come to its end')
  }

  /** Notes which records of a CRM a run has read, among them statuses that Muster wrote just before. */
  #observeRead({ crm }: PlayedSource, run: string): void {
    const fetched = this.#fetched.get(run)
    if (crm !== null && crm.read !== null && fetched !== undefined) Object.assign(fetched, crm.read)
  }

  /**
   * Tells the rules the opt-outs of a source for contacts that it has. They count as soon as the plan is made (design:
   * invariant 8, “An opt-out is never late”), so that what a person decides while the plan is applied is the later decision.
   */
  async #observeOptOuts(source: PlayedSource, id: string): Promise<void> {
    const fetched = this.#fetched.get(id)
    const { directory } = this.#rules
    const waiting = (fetched?.sms === true ? fetched.rows : []).flatMap((row): WaitingOptOut[] => {
      const contact = contactAt(directory, source.id, row.id)
      if (contact === undefined || meaningOf(row.sms) !== 'opted_out') return []
      fetched?.optedOut.add(row.id)
      return [waitingOptOut(source, row, contact)]
    })
    if (fetched === undefined || waiting.length === 0) return
    const [turns, { fetchedAt }] = [await this.#turns(id), fetched]
    const change = { run: id, undoes: null, after: directory, turns, readings: [], waiting, fetchedAt, now: Date.now() }
    this.#rules.change(change)
  }

  /** Returns the changes of a run's plan. */
  async #turns(run: string): Promise<Turn[]> {
    const { items } = await this.#world.api<Page<ChangeView>>('GET', `/api/runs/${run}/changes?limit=500`)
    return items.map(({ before, after }) => ({ before: before && personOf(before), after: after && personOf(after) }))
  }

  /** Tells the rules what a run has changed and read. `begins`: whether it is the first time. */
  async #observe(source: PlayedSource, id: string, begins: boolean): Promise<void> {
    const before = this.#rules.directory
    const after = await this.#judge.read()
    this.#observeWrites(after)
    const turns = await this.#turns(id)
    const fetched = this.#fetched.get(id)
    const readings: Reading[] = []
    const waiting: WaitingOptOut[] = []
    for (const row of fetched?.sms === true ? fetched.rows : []) {
      const contact = contactAt(after, source.id, row.id)
      const means = meaningOf(row.sms)
      if (means === 'opted_out' && fetched?.optedOut.has(row.id)) continue
      const applied = contact?.title === fetched?.version
      if (contact !== undefined && applied) {
        if (before.get(contact.key)?.title !== fetched?.version)
          readings.push({ contact: contact.key, value: row.sms, means })
      } else if (begins && means === 'opted_out') {
        waiting.push(waitingOptOut(source, row, contact ?? contactAt(after, 'hand', row.id)))
      }
    }
    const fetchedAt = fetched?.fetchedAt ?? 0
    const { undoes } = await this.#world.run(id)
    this.#rules.change({ run: id, undoes, after, turns, readings, waiting, fetchedAt, now: Date.now() })
  }

  #picked(pick: number): Contact | undefined {
    const contacts = [...this.#rules.directory.values()]
    return contacts[pick % Math.max(1, contacts.length)]
  }
}

function contactAt(directory: Directory, owner: string, id: string): Contact | undefined {
  return [...directory.values()].find((one) => one.owner === owner && one.id === id)
}

/** `contact`: the contact that has the ID of the row now. */
function waitingOptOut({ id: owner, crm }: PlayedSource, row: Row, contact: Contact | undefined): WaitingOptOut {
  const emails = row.email === '' ? [] : [row.email]
  const person = { name: row.name, numbers: numbersOf(row), emails }
  // A record of a CRM must have a mobile number.
  const failed = row.name === '' || (crm !== null && row.mobile === '')
  return { owner, id: row.id, contact: contact?.key ?? null, value: row.sms, person, failed }
}
