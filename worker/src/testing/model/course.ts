import type { Muster } from '../muster.ts'
import type { Death } from './actions.ts'
import { insist } from './comparing.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/** The course of things at a Muster whose Worker may die at any call: requests, messages, and the tick that finds what was lost. */
export class Course {
  readonly #world: Muster
  #deaths: readonly Death[] = []

  constructor(world: Muster) {
    this.#world = world
  }

  /**
   * Asks, again where the Worker died before it answered; then it may find that it has been done already (`before`).
   * Gives the ID that is in the answer.
   */
  async ask(
    method: string,
    path: string,
    body: unknown,
    expected: string,
    before: readonly string[],
    as: 'person' | 'system' = 'person',
  ): Promise<string> {
    for (let died = false; ; died = true) {
      const response = await this.#world.request(method, path, body, as)
      if (this.#world.faults.dead) {
        this.#restart()
        continue
      }
      const text = await response.text()
      const answer: { id?: string; code?: string } = text === '' ? {} : JSON.parse(text)
      const code = response.ok ? 'done' : (answer.code ?? text)
      const known = before.includes(code) && (died || expected !== 'done')
      if (!known) insist(`${method} ${path}`, code, expected)
      return answer.id ?? ''
    }
  }

  /** Delivers, revives and ticks until the run has come as far. */
  async until(id: string, status: string): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      const is = (await this.#world.run(id)).status
      if (is === status || !ACTIVE.includes(is)) return
      if (!(await this.deliverOne(id))) await this.#tick()
    }
    throw new Error(`The run stays ${(await this.#world.run(id)).status} where the model says ${status}`)
  }

  /** Delivers the latest messages again, but for those of runs that are not over. */
  async deliverLate(over: readonly string[]): Promise<void> {
    for (const step of this.#world.sent.slice(-6).reverse())
      if (!('run' in step) || over.includes(step.run)) await this.#world.deliver(step)
  }

  /** Delivers the next message that is not of another run; false where there is none. */
  async deliverOne(run: string): Promise<boolean> {
    const { messages, faults } = this.#world
    const next = messages.find(({ step }) => !('run' in step) || step.run === run)
    if (next === undefined) return false
    messages.splice(messages.indexOf(next), 1)
    await this.#world.deliver(next.step)
    if (!faults.dead) return true
    if (this.#restart() === 'redelivered') messages.unshift(next)
    return true
  }

  async #tick(): Promise<void> {
    try {
      await this.#world.tick(15)
    } catch (error) {
      if (!this.#world.faults.dead) throw error
      this.#restart()
    }
  }

  /** Lets the Worker die so, one time after the other. */
  arm(deaths: readonly Death[]): void {
    this.#deaths = deaths
    this.#armNext()
  }

  #armNext(): void {
    const [next] = this.#deaths
    if (next !== undefined) this.#world.faults.crashAt(next.at, next.when)
  }

  #restart(): Death['message'] | undefined {
    const [death, ...others] = this.#deaths
    this.#world.faults.restart()
    this.#deaths = others
    this.#armNext()
    return death?.message
  }

  /** The Worker does not die any more. */
  disarm(): void {
    this.#deaths = []
    this.#world.faults.restart()
  }
}
