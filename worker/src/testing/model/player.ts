import type { Page } from '../../api/views/answer.ts'
import type { ChangeView, RunView } from '../../api/views/run.ts'
import type { SourceView } from '../../api/views/source.ts'
import type { RekeyDecision } from '../../core/plan.ts'
import type { Step } from '../../env.ts'
import { startOrRemember } from '../../run/start.ts'
import type { Muster } from '../muster.ts'
import { type Action, LIMITS, type Rekey, type Slot, type SourceChoice } from './actions.ts'
import { compare, type Names } from './comparing.ts'
import { Course } from './course.ts'
import { ManualChanges } from './manual.ts'
import { Model, movedBy } from './model.ts'
import { answerOf, type Roll } from './roll.ts'
import type { ModelRun, ModelSource } from './state.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/** Plays a history on a Muster and on the model. Throws at the first step after which they differ. */
export class Player {
  readonly #world: Muster
  readonly #model = new Model()
  readonly #names: Names = { contacts: new Map(), groups: new Map(), runs: new Map() }
  readonly #slots: [ModelSource | null, ModelSource | null] = [null, null]
  readonly #rolls: [Roll[], Roll[]] = [[], []]
  readonly #hand: ManualChanges
  readonly #course: Course
  /** Runs that wait until the run of another source is over. */
  #waiting: ModelRun[] = []

  constructor(world: Muster) {
    this.#world = world
    this.#course = new Course(world)
    this.#hand = new ManualChanges(world, this.#model, this.#names)
    // Small pieces, so that a plan is applied in several transactions.
    world.env.PLAN_CHUNK = 300
    world.env.SPILL = 300
    world.remote = (request) => this.#answer(request)
  }

  async play(history: readonly Action[]): Promise<void> {
    for (const [at, action] of history.entries()) {
      try {
        await this.#do(action)
        await compare(this.#world, this.#model, this.#names)
      } catch (error) {
        throw new Error(`After action ${at + 1}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
      }
    }
  }

  #answer(request: Request): Response {
    const slot = new URL(request.url).pathname.includes('/1/') ? 1 : 0
    const answer = answerOf(this.#slots[slot]?.remote ?? { broken: 'forbidden' })
    const etag = answer.headers.get('ETag')
    return etag !== null && request.headers.get('If-None-Match') === etag ? new Response(null, { status: 304 }) : answer
  }

  async #do(action: Action): Promise<void> {
    switch (action.do) {
      case 'set':
        return this.#set(action.slot, action.settings)
      case 'days pass':
        this.#world.passTime(action.days * 24 * 60 * 60_000)
        return this.#model.passDays(action.days)
      case 'late messages':
        return this.#course.deliverLate(
          [...this.#names.runs].filter(([run]) => !ACTIVE.includes(run.status)).map(([, id]) => id),
        )
      case 'import':
      case 'approve':
      case 'reject':
      case 'cancel':
      case 'undo':
      case 'delete source': {
        const source = this.#slots[action.slot]
        return source === null ? undefined : this.#decide(source, action)
      }
      default:
        return this.#hand.do(action)
    }
  }

  async #set(slot: Slot, choice: Partial<SourceChoice>): Promise<void> {
    const { limits, ...others } = choice
    const settings = { ...others, ...(limits === undefined ? {} : { limits: LIMITS[limits] }) }
    const source = this.#slots[slot]
    if (source !== null) {
      await this.#world.api('PATCH', `/api/sources/${source.id}`, settings)
      this.#model.change(source, settings)
      return
    }
    const connection = { kind: 'https', url: `https://files.example.org/${slot}/contacts.csv` }
    const body = { name: `Source ${slot}`, connection, ...settings }
    const { id } = await this.#world.api<SourceView>('POST', '/api/sources', body)
    const defaults = { enabled: true, removal: 'remove', covers: 'own', limits: LIMITS.usual, hold: 'part' } as const
    const made: ModelSource = {
      id,
      settings: { ...defaults, ...settings },
      remote: { broken: 'forbidden' },
      baseline: null,
      undone: null,
      columns: [],
      imported: false,
      rejected: null,
      revision: 0,
      days: 0,
    }
    this.#model.sources.push(made)
    this.#slots[slot] = made
  }

  async #decide(source: ModelSource, action: Extract<Action, { slot: Slot }>): Promise<void> {
    const model = this.#model
    const held = model.held(source)
    switch (action.do) {
      case 'import':
        return this.#import(source, action)
      case 'undo': {
        const undone = model.runs.filter((run) => run.source === source && model.undoable(run)).at(-1 - action.back)
        if (undone !== undefined) await this.#undo(source, undone, action)
        return
      }
      case 'delete source': {
        const active = model.active(source) !== undefined
        const path = `/api/sources/${source.id}?contacts=${action.contacts}`
        await this.#course.ask('DELETE', path, undefined, active ? 'run_active' : 'done', [])
        if (active) return
        model.deleteSource(source, action.contacts)
        this.#slots[action.slot] = null
        return
      }
      case 'approve': {
        if (held === undefined) return
        const path = `/api/runs/${this.#names.runs.get(held)}`
        const { plan } = await this.#world.api<RunView>('GET', path)
        const planHash = action.hash === 'right' ? plan?.hash : 'another'
        this.#course.arm(action.deaths)
        const busy = model.active(held.source) !== undefined
        const rekey = rekeyOf(held, action.rekey)
        const outcome = model.approve(held, action.hash === 'right', action.parts, action.rekey)
        const others = busy ? ['run_active', 'plan_stale'] : ['not_held']
        const body = { planHash, ...(action.parts && { parts: action.parts }), ...rekey }
        await this.#course.ask('POST', `${path}/approve`, body, outcome, others)
        if (outcome === 'done') await this.#follow(held, null, null)
        return this.#course.disarm()
      }
      case 'reject':
      case 'cancel': {
        const run = action.do === 'cancel' ? (model.active(source) ?? held) : held
        if (run === undefined) return
        this.#course.arm(action.deaths)
        const outcome = action.do === 'reject' ? model.reject(run) : model.cancel(run)
        const path = `/api/runs/${this.#names.runs.get(run)}/${action.do}`
        await this.#course.ask('POST', path, undefined, outcome, ['not_held', 'already_over'])
        return this.#course.disarm()
      }
      default:
    }
  }

  async #import(source: ModelSource, action: Extract<Action, { do: 'import' }>): Promise<void> {
    const { trigger, mode, meanwhile } = action
    const rolls = this.#rolls[action.slot]
    const roll = typeof action.roll === 'number' ? rolls.at(-action.roll) : action.roll
    if (roll != null) {
      source.remote = roll
      rolls.push(roll)
    }
    const active = this.#model.active(source)
    const refused = !source.settings.enabled && (mode === 'apply' || trigger === 'schedule')
    if (trigger === 'schedule') {
      // A tick starts no run for a disabled source. While a run is active it starts only a follow-up run.
      if (refused || active !== undefined) return
      const { id } = await startOrRemember(
        this.#world.env,
        { source: source.id, trigger, mode: 'apply', fetch: 'all', requestedBy: null },
        Date.now(),
      )
      const run = this.#model.start(source, trigger, 'apply')
      this.#names.runs.set(run, id)
      this.#course.arm(action.deaths)
      await this.#follow(run, meanwhile, action.doomed)
      return this.#course.disarm()
    }
    const path = `/api/sources/${source.id}/runs`
    const expected = refused ? 'source_disabled' : active === undefined ? 'done' : 'run_active'
    this.#course.arm(action.deaths)
    const id = await this.#course.ask(
      'POST',
      path,
      { mode },
      expected,
      ['run_active'],
      trigger === 'api' ? 'system' : 'person',
    )
    if (expected === 'done') {
      const run = this.#model.start(source, trigger, mode)
      this.#names.runs.set(run, id)
      await this.#follow(run, meanwhile, action.doomed)
    }
    this.#course.disarm()
  }

  async #undo(source: ModelSource, undone: ModelRun, action: Extract<Action, { do: 'undo' }>): Promise<void> {
    const active = this.#model.active(source) !== undefined
    const path = `/api/runs/${this.#names.runs.get(undone)}/undo`
    this.#course.arm(action.deaths)
    const id = await this.#course.ask('POST', path, undefined, active ? 'run_active' : 'done', ['run_active'])
    if (!active) {
      const run = this.#model.start(source, 'undo', 'apply', undone)
      this.#names.runs.set(run, id)
      await this.#follow(run, null, action.doomed)
    }
    this.#course.disarm()
  }

  /** Advances a run on both sides, step by step, until it is over or waits for a person. */
  async #follow(
    run: ModelRun,
    meanwhile: Extract<Action, { do: 'import' }>['meanwhile'],
    doomed: number | null,
  ): Promise<void> {
    for (let steps = 0; ACTIVE.includes(run.status); steps++) {
      if (meanwhile?.after === steps) {
        this.#course.disarm()
        await this.#do(meanwhile.action)
        await compare(this.#world, this.#model, this.#names)
        if (!ACTIVE.includes(run.status)) break
      }
      if (doomed !== null && run.status === 'applying' && (await this.#diesFor(run, doomed))) return
      const before = run.status
      this.#model.advance(run)
      const id = this.#names.runs.get(run) ?? ''
      if (run.status === before) {
        await this.#course.deliverOne(id)
        this.#waiting.push(run)
        return
      }
      await this.#course.until(id, run.status)
    }
    while (await this.#course.deliverOne(this.#names.runs.get(run) ?? ''));
    const [next] = this.#waiting.splice(0)
    if (next !== undefined) await this.#follow(next, null, null)
  }

  /** Crashes the Worker at every attempt to apply, until the queue dead-letters the message. */
  async #diesFor(run: ModelRun, call: number): Promise<boolean> {
    const id = this.#names.runs.get(run) ?? ''
    const apply: Step = { step: 'apply', run: id }
    this.#course.disarm()
    this.#world.faults.crashAt(call, 'after')
    await this.#world.deliver(apply)
    this.#world.faults.restart()
    if ((await this.#world.run(id)).status !== 'applying') {
      this.#model.advance(run)
      while (await this.#course.deliverOne(id));
      return true
    }
    await this.#world.deliver(apply, 'muster-dead-letters')
    const { progress } = await this.#world.run(id)
    const { items } = await this.#world.api<Page<ChangeView>>('GET', `/api/runs/${id}/changes?limit=500`)
    const inOrder = items.map(({ op, id }) => {
      const at = run.changes.findIndex((change) => change.op === op && change.id === id)
      return at === -1 ? [] : run.changes.splice(at, 1)
    })
    run.changes = [...inOrder.flat(), ...run.changes]
    this.#model.die(run, progress.done)
    while (await this.#course.deliverOne(id));
    return true
  }
}

/** Returns the decision about people that come under new IDs as the API has it. */
function rekeyOf({ waiting }: ModelRun, rekey: Rekey): { rekey?: RekeyDecision } {
  if (rekey === null) return {}
  if (rekey !== 'some') return { rekey }
  return { rekey: [...movedBy(waiting, rekey)].map(({ id: to, rekey }) => ({ from: rekey?.from ?? '', to })) }
}
