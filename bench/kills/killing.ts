import { rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { type FileServer, startFileServer } from '../../e2e/file-server.ts'
import { type Muster, makeFolder, startMuster } from '../../e2e/muster.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { Random } from '../catalogue/random.ts'
import { Copy } from './copy.ts'
import { ChangingFile } from './file.ts'
import { checkStopped, killAll } from './stopped.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']
/** How often it is asked whether a run has ended, and after which pause in milliseconds: a judge that was stopped has not waited. */
const ASKS = 1200
const PAUSE = 100
const TO = 'a@example.org'

interface Asked {
  times: number
  contacts: number
  seed: number
}

/** What the kills came to. */
interface Outcome {
  kills: number
  /** How many kills hit a run in each status. */
  states: Map<string, number>
  /** How many e-mails were sent and webhooks called, and how many copies arrived besides, which a kill between sending and recording can cause. */
  messages: number
  doubled: number
  faults: string[]
}

/** A notification as the API lists it. */
interface Mail {
  runId: string | null
  kind: string
  status: string
}

/** A system that is killed, with what it must have made of its file. */
class Killed {
  readonly outcome: Outcome = { kills: 0, states: new Map(), messages: 0, doubled: 0, faults: [] }
  readonly #random: Random
  readonly #state: string
  readonly #server: FileServer
  readonly #file: ChangingFile
  readonly #copy = new Copy()
  #system: Muster
  #source = ''
  /** IDs of contacts whose opt-out was acknowledged. */
  readonly #out = new Set<string>()
  /** How often an import came to wait for a person, of which the webhook is told. */
  #held = 0
  /** How long an undisturbed run takes, in milliseconds. */
  #usual = 1000

  private constructor(state: string, server: FileServer, system: Muster, { contacts, seed }: Asked) {
    this.#state = state
    this.#server = server
    this.#system = system
    this.#random = new Random(seed)
    this.#file = new ChangingFile(this.#random, contacts)
  }

  static async start(asked: Asked): Promise<Killed> {
    const state = await makeFolder()
    const killed = new Killed(state, await startFileServer(), await startSystem(state), asked)
    await killed.#begin()
    return killed
  }

  async #begin(): Promise<void> {
    this.#server.serve('/hook', { status: 204 })
    const { body } = await this.#system.api('POST', '/api/sources', {
      name: 'Killed',
      connection: { kind: 'https', url: `${this.#server.url}/file` },
      limits: NO_LIMITS,
      notify: { emails: [TO], when: 'always', webhooks: [{ kind: 'slack', url: `${this.#server.url}/hook` }] },
    })
    this.#source = body.id
    const first = await this.#import()
    await this.#ended(first)
    const { body: run } = await this.#system.api('GET', `/api/runs/${first}`)
    this.#usual = Date.parse(run.finishedAt) - Date.parse(run.createdAt)
  }

  /** Starts a run or an undo, kills the system meanwhile, starts it again, and judges the end of the run. */
  async once(): Promise<void> {
    const random = this.#random
    if (random.chance(0.25)) await this.#optOut()
    const run = (random.chance(0.2) ? await this.#undo() : null) ?? (await this.#import())
    // Some kills come after the end of the run, when it is told.
    const until = Date.now() + random.below(Math.round(this.#usual * 1.2) + 50)
    if (random.chance(0.25)) await this.#optOut()
    await wait(Math.max(0, until - Date.now()))
    const { body } = await this.#system.api('GET', `/api/runs/${run}`)
    const { states } = this.outcome
    states.set(body.status, (states.get(body.status) ?? 0) + 1)
    // Learned from the runs that ended before the kill, so that most kills come while a run is at work.
    if (body.finishedAt !== null)
      this.#usual = (this.#usual + Date.parse(body.finishedAt) - Date.parse(body.createdAt)) / 2
    await killAll(this.#system)
    this.outcome.kills++
    for (const damage of checkStopped(this.#state)) this.#fault(damage)
    this.#system = await startSystem(this.#state)
    await this.#ended(run)
    await this.#judge(run)
  }

  async close(): Promise<void> {
    await this.#system.stop()
    await this.#server.stop()
    for (const damage of checkStopped(this.#state)) this.#fault(damage)
    await rm(this.#state, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }

  /** Imports the next file. */
  async #import(): Promise<string> {
    this.#server.serve('/file', this.#file.next())
    const { status, body } = await this.#system.api('POST', `/api/sources/${this.#source}/runs`, {})
    if (status !== 202) throw new Error(`A run did not start: ${JSON.stringify(body)}`)
    return body.id
  }

  /** Undoes the last run, if it can be undone. Returns the run that does. */
  async #undo(): Promise<string | null> {
    const { body } = await this.#system.api('GET', `/api/runs?source=${this.#source}&limit=1`)
    const [last] = body.items
    if (last.undoes !== null || last.plan?.undoable !== true) return null
    const undo = await this.#system.api('POST', `/api/runs/${last.id}/undo`)
    if (undo.status !== 202) return null
    this.#file.undo()
    return undo.body.id
  }

  async #optOut(): Promise<void> {
    const { body } = await this.#system.api('GET', '/api/contacts?limit=50')
    const { key, id } = this.#random.pick<{ key: string; id: string }>(body.items)
    const { status } = await this.#system.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
    if (status === 200) this.#out.add(id)
  }

  async #mails(limit: number): Promise<Mail[]> {
    return (await this.#system.api('GET', `/api/notifications?limit=${limit}`)).body.items
  }

  /** Waits until the run has ended or waits for a person, and is told. */
  async #ended(run: string): Promise<void> {
    for (let asked = 1; ; asked++) {
      const { body } = await this.#system.api('GET', `/api/runs/${run}`)
      const pending = (await this.#mails(5)).filter(({ status }) => status === 'pending')
      if (!ACTIVE.includes(body.status) && pending.length === 0) return
      if (asked === ASKS)
        return this.#fault(`run ${run} is ${body.status}, and ${pending.length} notifications are pending`)
      await wait(PAUSE)
    }
  }

  /** What changes after an undo waits for a person. */
  async #approve(run: string): Promise<void> {
    const { body } = await this.#system.api('GET', `/api/runs/${run}`)
    if (body.status !== 'held') return
    await this.#system.api('POST', `/api/runs/${run}/approve`, { planHash: body.plan.hash })
    await this.#ended(run)
  }

  async #judge(run: string): Promise<void> {
    await this.#approve(run)
    const { body } = await this.#system.api('GET', `/api/runs/${run}`)
    if (body.status !== 'succeeded') this.#fault(`run ${run} ended as ${body.status}: ${JSON.stringify(body.failure)}`)
    const contacts = await this.#copy.directory(this.#system)
    const difference = this.#file.difference(contacts)
    if (difference !== null) this.#fault(difference)
    for (const { id, sms } of contacts)
      if (this.#out.has(id) && sms.status !== 'opted_out') this.#fault(`${id} opted out and is ${sms.status}`)
    const differing = await this.#copy.differing(this.#system, contacts)
    if (differing.length > 0) this.#fault(`who follows the changes does not have ${differing.slice(0, 3)}`)
    await this.#judgeMails(run)
  }

  async #judgeMails(run: string): Promise<void> {
    const own = (await this.#mails(20)).filter(({ runId }) => runId === run)
    const kinds = own.map(({ kind, status }) => `${kind} ${status}`)
    if (own.length === 0 || new Set(kinds).size !== own.length || own.some(({ status }) => status !== 'sent'))
      this.#fault(`run ${run} was told ${own.length} times: ${kinds}`)
    const arrived = (await this.#system.emails(TO)).filter(({ text }) => text.includes(run)).length
    this.#count(own.length, arrived, `e-mails about run ${run}`)
    const held = own.filter(({ kind }) => kind === 'held').length
    this.#count(held, this.#server.asked('/hook') - this.#held, `calls of the webhook about run ${run}`)
    this.#held = this.#server.asked('/hook')
  }

  #count(sent: number, arrived: number, what: string): void {
    this.outcome.messages += sent
    this.outcome.doubled += Math.max(0, arrived - sent)
    if (arrived < sent) this.#fault(`of ${sent} ${what}, ${arrived} arrived`)
  }

  #fault(what: string): void {
    this.outcome.faults.push(`kill ${this.outcome.kills}: ${what}`)
  }
}

function startSystem(state: string): Promise<Muster> {
  // A killed runtime leaves its temporary files, which are then deleted together with the state.
  return startMuster({ MUSTER_STATE: state, MUSTER_TICK_SECONDS: '1', TMPDIR: state })
}

/** Kills a Muster of its own so many times while it works. `say` hears how far it is, and each fault. */
export async function killAndJudge(asked: Asked, say: (text: string) => void = () => {}): Promise<Outcome> {
  const killed = await Killed.start(asked)
  const { faults } = killed.outcome
  try {
    for (let i = 1; i <= asked.times; i++) {
      const known = faults.length
      await killed.once()
      for (const fault of faults.slice(known)) say(fault)
      say(`${i} kills, ${faults.length} faults`)
    }
  } finally {
    await killed.close()
  }
  return killed.outcome
}
