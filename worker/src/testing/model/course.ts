import type { Muster } from '../muster.ts'
import type { Death } from './actions.ts'
import { insist } from './comparing.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/**
 * Drives a Muster whose Worker may crash at any call: sends requests, delivers messages, and ticks to resend lost ones.
 */
export class Course {
  readonly #world: Muster
  #deaths: readonly Death[] = []

  constructor(world: Muster) {
    this.#world = world
  }

  /**
   * Sends a request, and sends it again if the Worker crashed before it answered. The repeated request may then be
   * answered with a code in `before`, since the first one had its effect. Returns the ID in the answer.
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

  /** Delivers messages, restarts the Worker and ticks until the run has the status. */
  async until(id: string, status: string): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      const is = (await this.#world.run(id)).status
      if (is === status || !ACTIVE.includes(is)) return
      if (!(await this.deliverOne(id))) await this.#tick()
    }
    throw new Error(`The run stays ${(await this.#world.run(id)).status}, and the model predicts ${status}`)
  }

  /** Delivers the latest messages again, except messages of runs that are not over. */
  async deliverLate(over: readonly string[]): Promise<void> {
    for (const step of this.#world.sent.slice(-6).reverse())
      if (!('run' in step) || over.includes(step.run)) await this.#world.deliver(step)
  }

  /** Delivers the next message that does not belong to another run. Returns false if there is none. */
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

  /** Makes the Worker crash at these calls, one after the other. */
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

  /** Cancels the crashes that have not happened. */
  disarm(): void {
    this.#deaths = []
    this.#world.faults.restart()
  }
}
