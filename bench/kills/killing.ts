import { globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { type FileServer, startFileServer } from '../../e2e/file-server.ts'
import { type Muster, makeFolder, startMuster } from '../../e2e/muster.ts'
import { processesOf } from '../../e2e/processes.ts'
import { csvOf } from '../../worker/src/testing/roster.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { Random } from '../catalogue/random.ts'
import { Copy } from './copy.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']
/** How long a run may take to end after a restart, in milliseconds. */
const ENDS_WITHIN = 120_000
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
  mails: number
  /** How many copies of e-mails arrived, which a kill between sending and recording can cause. */
  doubled: number
  faults: string[]
}

/** A system that is killed, with what it must have made of its file. */
class Killed {
  readonly outcome: Outcome = { kills: 0, states: new Map(), mails: 0, doubled: 0, faults: [] }
  readonly #random: Random
  readonly #state: string
  readonly #server: FileServer
  readonly #contacts: number
  readonly #copy = new Copy()
  #system: Muster
  #source = ''
  /** The titles of the contacts that the file has, by ID. */
  #file = new Map<string, string>()
  #before = new Map<string, string>()
  /** IDs of contacts whose opt-out was acknowledged. */
  readonly #out = new Set<string>()
  /** How long an undisturbed run takes, in milliseconds. */
  #usual = 1000

  private constructor(state: string, server: FileServer, system: Muster, { contacts, seed }: Asked) {
    this.#state = state
    this.#server = server
    this.#system = system
    this.#contacts = contacts
    this.#random = new Random(seed)
  }

  static async start(asked: Asked): Promise<Killed> {
    const state = await makeFolder()
    const killed = new Killed(state, await startFileServer(), await startSystem(state), asked)
    await killed.#begin()
    return killed
  }

  async #begin(): Promise<void> {
    const { body } = await this.#system.api('POST', '/api/sources', {
      name: 'Killed',
      connection: { kind: 'https', url: `${this.#server.url}/file` },
      limits: NO_LIMITS,
      notify: { emails: [TO], when: 'always' },
    })
    this.#source = body.id
    this.#serve()
    const started = Date.now()
    await this.#ended(await this.#import())
    this.#usual = Date.now() - started
  }

  /** Starts a run or an undo, kills the system meanwhile, starts it again, and judges the end of the run. */
  async once(): Promise<void> {
    const random = this.#random
    await this.#optOut()
    const undoes = random.chance(0.2) ? await this.#undo() : null
    if (undoes === null) this.#serve()
    const run = undoes ?? (await this.#import())
    await wait(random.below(Math.max(1, Math.round(this.#usual * 1.1))))
    const { body } = await this.#system.api('GET', `/api/runs/${run}`)
    const { states } = this.outcome
    states.set(body.status, (states.get(body.status) ?? 0) + 1)
    await this.#kill()
    this.#system = await startSystem(this.#state)
    await this.#ended(run)
    await this.#judge(run)
  }

  async close(): Promise<void> {
    await this.#system.stop()
    await this.#server.stop()
    this.#integrity()
    await rm(this.#state, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }

  /** Gives the server another file: other titles, and other contacts missing. */
  #serve(): void {
    const random = this.#random
    const all = Array.from({ length: this.#contacts }, (_, i) => `k${i}`)
    this.#before = this.#file
    this.#file = new Map(
      all.filter(() => random.chance(0.95)).map((id) => [id, this.#before.get(id) ?? `Title ${random.below(1000)}`]),
    )
    for (const id of this.#file.keys()) if (random.chance(0.3)) this.#file.set(id, `Title ${random.below(1000)}`)
    const body = csvOf([...this.#file].map(([ID, Title]) => ({ ID, Title })))
    this.#server.serve('/file', { body, etag: `"${random.next()}"` })
  }

  async #import(): Promise<string> {
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
    ;[this.#file, this.#before] = [this.#before, this.#file]
    return undo.body.id
  }

  async #optOut(): Promise<void> {
    if (this.#random.chance(0.5)) return
    const { body } = await this.#system.api('GET', '/api/contacts?limit=50')
    const { key, id } = this.#random.pick<{ key: string; id: string }>(body.items)
    const { status } = await this.#system.api('PUT', `/api/contacts/${key}/sms-status`, { status: 'opted_out' })
    if (status === 200) this.#out.add(id)
  }

  /** Kills every process of the system at once, and then moves the clock of what waits for one. */
  async #kill(): Promise<void> {
    const { worker, bridge } = processesOf(this.#system)
    for (const pid of [this.#system.pid, worker, bridge]) process.kill(pid, 'SIGKILL')
    await this.#system.stop()
    this.outcome.kills++
    this.#integrity()
  }

  /** The sweeper would find what was lost two minutes after the kill, and an e-mail a quarter of an hour after. */
  #integrity(): void {
    for (const file of globSync(join(this.#state, '**/*.sqlite'))) {
      const db = new DatabaseSync(file)
      const [check] = db.prepare('PRAGMA integrity_check').all()
      if (check?.integrity_check !== 'ok') this.#fault(`the database is damaged: ${JSON.stringify(check)}`)
      const has = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'run'").get() !== undefined
      if (has) {
        db.exec(`UPDATE run SET stale_at = 0 WHERE status IN ('queued', 'fetching', 'planning', 'applying')`)
        db.exec(`UPDATE notification SET next_at = 0 WHERE status = 'pending'`)
        db.exec(`UPDATE delivery SET next_at = 0 WHERE status = 'pending'`)
      }
      db.close()
    }
  }

  async #ended(run: string): Promise<void> {
    const until = Date.now() + ENDS_WITHIN
    for (;;) {
      const { body } = await this.#system.api('GET', `/api/runs/${run}`)
      const mails = await this.#system.api('GET', '/api/notifications?limit=5')
      const pending = mails.body.items.filter(({ status }: { status: string }) => status === 'pending')
      if (!ACTIVE.includes(body.status) && pending.length === 0) return
      if (Date.now() > until)
        return this.#fault(`run ${run} is ${body.status}, and ${pending.length} e-mails are pending`)
      await wait(100)
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
    const wrong = contacts.filter(({ id, title }) => this.#file.get(id) !== title)
    if (wrong.length > 0 || contacts.length !== this.#file.size)
      this.#fault(
        `${contacts.length} contacts and ${this.#file.size} in the file; not as there: ${wrong.slice(0, 3).map(({ id }) => id)}`,
      )
    for (const { id, sms } of contacts)
      if (this.#out.has(id) && sms.status !== 'opted_out') this.#fault(`${id} opted out and is ${sms.status}`)
    const differing = await this.#copy.differing(this.#system, contacts)
    if (differing.length > 0) this.#fault(`who follows the changes does not have ${differing.slice(0, 3)}`)
    await this.#judgeMails(run)
  }

  async #judgeMails(run: string): Promise<void> {
    const { body } = await this.#system.api('GET', '/api/notifications?limit=20')
    const own = body.items.filter(({ runId }: { runId: string }) => runId === run)
    const kinds = own.map(({ kind, status }: { kind: string; status: string }) => `${kind} ${status}`)
    if (
      own.length === 0 ||
      new Set(kinds).size !== own.length ||
      own.some(({ status }: { status: string }) => status !== 'sent')
    )
      this.#fault(`run ${run} was told ${own.length} times: ${kinds}`)
    const arrived = (await this.#system.emails(TO)).filter(({ text }) => text.includes(run)).length
    this.outcome.mails += own.length
    if (arrived < own.length) this.#fault(`of ${own.length} e-mails about run ${run}, ${arrived} arrived`)
    this.outcome.doubled += Math.max(0, arrived - own.length)
  }

  #fault(what: string): void {
    this.outcome.faults.push(`kill ${this.outcome.kills}: ${what}`)
  }
}

function startSystem(state: string): Promise<Muster> {
  return startMuster({ MUSTER_STATE: state, MUSTER_TICK_SECONDS: '1' })
}

/** Kills a Muster of its own so many times while it works. `say` hears how far it is. */
export async function killAndJudge(asked: Asked, say: (text: string) => void): Promise<Outcome> {
  const killed = await Killed.start(asked)
  try {
    for (let i = 1; i <= asked.times; i++) {
      await killed.once()
      say(`${i} kills, ${killed.outcome.faults.length} faults`)
    }
  } finally {
    await killed.close()
  }
  return killed.outcome
}
