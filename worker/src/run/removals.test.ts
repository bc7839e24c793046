import { describe, expect, it, vi } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { retainStep } from './retain.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const DAY = 24 * 60 * 60_000

/** A source with 100 contacts from which some are missing now and then. */
class Leaving {
  readonly #world: InMemoryMuster
  readonly #source: string
  #there = crowd(100)

  private constructor(world: InMemoryMuster, source: string) {
    this.#world = world
    this.#source = source
  }

  static async start(settings: Record<string, unknown> = {}): Promise<Leaving> {
    const world = await InMemoryMuster.start()
    // Groups shrink as well, which is not what these tests are about.
    const limits = { shrunkGroups: null }
    const leaving = new Leaving(world, await world.source({ limits, ...settings }))
    await leaving.night(0)
    return leaving
  }

  /** Imports the file of the next night, in which so many more contacts are missing. */
  async night(leave: number, back: readonly string[] = []): Promise<RunView> {
    this.#world.passTime(DAY)
    this.#there = [...this.#there.slice(leave), ...back.map((ID) => ({ ID }))]
    return this.#world.import(this.#source, csvOf(this.#there))
  }

  async decide(run: RunView, what: 'approve' | 'reject' | 'undo'): Promise<void> {
    const body = what === 'approve' ? { planHash: run.plan?.hash } : undefined
    await this.#world.api('POST', `/api/runs/${run.id}/${what}`, body)
    await this.#world.drain()
  }

  wait(days: number): void {
    this.#world.passTime(days * DAY)
  }

  async retain(): Promise<void> {
    const { env, now } = this.#world
    await env.DB.prepare('UPDATE retention SET due_at = 0').run()
    await retainStep(env, now)
  }

  setRetention(days: number): Promise<unknown> {
    return this.#world.api('PATCH', '/api/settings', { retentionDays: days })
  }
}

const counted = ({ hold }: RunView) => hold?.reasons.map(({ limit, count, of }) => [limit, count, of]) ?? null

describe('removals of several nights', () => {
  it('removals of several nights are counted together, and the night that goes over the limit is held', async () => {
    const nights = await Leaving.start()
    for (let night = 0; night < 3; night++) expect((await nights.night(3)).status).toBe('succeeded')
    const fourth = await nights.night(3)
    expect(fourth.status).toBe('held')
    expect(counted(fourth)).toEqual([['removed', 12, 100]])
    expect(fourth.hold?.reasons[0]?.examples).toHaveLength(3)
  })

  it('a removal counts for seven nights, its own included', async () => {
    const nights = await Leaving.start()
    await nights.night(9)
    for (let night = 0; night < 5; night++) await nights.night(0)
    expect((await nights.night(2)).status).toBe('held')
    const later = await Leaving.start()
    await later.night(9)
    for (let night = 0; night < 6; night++) await later.night(0)
    expect((await later.night(2)).status).toBe('succeeded')
  })

  it('an approval is one of the removals before as well', async () => {
    const nights = await Leaving.start()
    await nights.night(9)
    const held = await nights.night(3)
    expect(held.status).toBe('held')
    await nights.decide(held, 'approve')
    expect((await nights.night(8)).status).toBe('succeeded')
    expect(counted(await nights.night(1))).toEqual([['removed', 9, 88]])
  })

  it('contacts that come back, and those of an import that was undone, do not count', async () => {
    const nights = await Leaving.start()
    await nights.night(5)
    await nights.night(0, ['P001', 'P002', 'P003', 'P004'])
    await nights.decide(await nights.night(5), 'undo')
    const next = await nights.night(3)
    expect(counted(next)?.filter(([limit]) => limit === 'removed')).toEqual([])
  })

  it('the days stand still while removals wait for a person', async () => {
    const nights = await Leaving.start()
    await nights.night(9)
    const held = await nights.night(2)
    expect(held.status).toBe('held')
    nights.wait(20)
    await nights.decide(held, 'reject')
    const again = await nights.night(1)
    expect(counted(again)).toEqual([['removed', 12, 100]])
  })

  it('retention does not make the limit forget', async () => {
    const nights = await Leaving.start()
    await nights.setRetention(1)
    await nights.night(9)
    await nights.night(0)
    nights.wait(2)
    await nights.retain()
    expect(counted(await nights.night(2))).toEqual([['removed', 11, 100]])
  })

  it('a source can have another number of days', async () => {
    const nights = await Leaving.start({ limits: { shrunkGroups: null, removed: { withinDays: 2 } } })
    await nights.night(9)
    await nights.night(0)
    expect((await nights.night(9)).status).toBe('succeeded')
    expect((await nights.night(2)).status).toBe('held')
  })
})
