import { describe, expect, it } from 'vitest'
import { csvOf, type Person } from '../testing/roster.ts'
import { someOf } from '../testing/sample.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { RunView } from './views/run.ts'

interface Entry {
  cursor: string
  op: 'add' | 'update' | 'remove'
  key: string
  contact: ContactView | null
}

/** A system that keeps a copy of the directory, built only from the answers of `GET /api/changes`. */
class Follower {
  readonly copy = new Map<string, ContactView>()
  restarts = 0
  readonly #world: World
  #cursor = ''

  constructor(world: World) {
    this.#world = world
  }

  /** Reads one page, or starts again if the API requires it. Returns whether there is more. */
  async read(limit: number): Promise<boolean> {
    const response = await this.#world.request('GET', `/api/changes?cursor=${this.#cursor}&limit=${limit}`)
    if (response.status === 410) {
      expect(await response.json()).toMatchObject({ code: 'cursor_expired' })
      this.copy.clear()
      this.#cursor = ''
      this.restarts++
      return true
    }
    expect(response.status).toBe(200)
    const { items, next } = await response.json<Page<Entry>>()
    for (const { op, key, contact, cursor } of items) {
      expect(contact === null).toBe(op === 'remove')
      if (contact === null) this.copy.delete(key)
      else this.copy.set(key, contact)
      this.#cursor = cursor
    }
    return next !== null
  }

  async catchUp(limit: number): Promise<void> {
    while (await this.read(limit));
  }

  contacts(): ContactView[] {
    return [...this.copy.values()].sort((a, b) => Number(a.key) - Number(b.key))
  }
}

async function directory(world: World): Promise<ContactView[]> {
  return (await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')).items
}

/** Returns a generator of numbers from 0 up to `below`; the same seed yields the same numbers. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const IDS = Array.from({ length: 8 }, (_, i) => `p${i}`)

/** Changes the directory, or tries to. */
async function step(world: World, source: string, choose: (below: number) => number): Promise<string> {
  const some = (await directory(world))[choose(8)]
  switch (choose(8)) {
    case 0:
    case 1: {
      const people = IDS.filter(() => choose(3) > 0).map((ID): Person => {
        return {
          ID,
          Title: ['', 'Lead', 'Medic'][choose(3)] ?? '',
          Groups: ['Rope', 'Search', 'rope, Air'][choose(3)] ?? '',
        }
      })
      const run = await world.import(source, csvOf([{ ID: 'always' }, ...people]))
      if (run.status !== 'held') return `import: ${run.status}`
      const answer = choose(2) === 0 ? 'approve' : 'reject'
      await world.request('POST', `/api/runs/${run.id}/${answer}`, { planHash: run.plan?.hash })
      await world.drain()
      return answer
    }
    case 2: {
      if (some === undefined) return 'nobody'
      const status = choose(2) === 0 ? 'opted_out' : 'opted_in'
      await world.api('PUT', `/api/contacts/${some.key}/sms-status`, { status })
      return status
    }
    case 3: {
      const { items } = await world.api<Page<RunView>>('GET', '/api/runs?limit=500')
      const run = items.filter(({ plan }) => plan?.undoable === true)[choose(3)]
      if (run === undefined) return 'nothing to undo'
      await world.api('POST', `/api/runs/${run.id}/undo`)
      await world.drain()
      return 'undo'
    }
    case 4: {
      await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
      const id = `h${choose(4)}`
      const made = await world.request('POST', '/api/contacts', { id, name: `Hand ${id}`, groups: ['Hand', 'Rope'] })
      if (some !== undefined)
        await world.request('PATCH', `/api/contacts/${some.key}`, { title: `By hand ${choose(9)}` })
      await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
      return `hand: ${made.status}`
    }
    case 5: {
      await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
      if (some !== undefined) await world.api('DELETE', `/api/contacts/${some.key}`)
      await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
      return 'delete'
    }
    case 6: {
      await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
      const { items } = await world.api<Page<{ id: string; name: string }>>('GET', '/api/groups')
      const group = items[choose(items.length)]
      if (group !== undefined) {
        await world.request('PATCH', `/api/groups/${group.id}`, {
          name: `${group.name}${choose(2) === 0 ? '' : 'X'}`.toUpperCase(),
        })
      }
      await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
      return `group ${group?.name}`
    }
    default:
      await world.tick(31 * 24 * 60)
      await world.drain()
      return 'a month passes'
  }
}

describe('GET /api/changes', () => {
  it.each(someOf([1, 2, 3, 4, 5, 6]))(
    'a copy built only from the change feed equals the directory at every step (sequence %i)',
    async (seed) => {
      const world = await World.start()
      const source = await world.source({ limits: NO_LIMITS })
      const choose = numbers(seed * 7919)
      const prompt = new Follower(world)
      const slow = new Follower(world)
      const reported: string[] = []
      for (let i = 0; i < 25; i++) {
        reported.push(await step(world, source, choose))
        const now = await directory(world)
        await prompt.catchUp(1 + choose(4))
        expect(prompt.contacts(), reported.join('; ')).toEqual(now)
        if (choose(3) === 0) await slow.read(1 + choose(3))
        const fresh = new Follower(world)
        await fresh.catchUp(1 + choose(4))
        expect(fresh.contacts(), reported.join('; ')).toEqual(now)
        expect(fresh.restarts).toBe(0)
      }
      await slow.catchUp(2)
      expect(slow.contacts(), reported.join('; ')).toEqual(await directory(world))
    },
  )

  it('the change feed refuses a cursor older than the removals it still has, and never one from the start', async () => {
    const world = await World.start()
    const source = await world.source({ limits: NO_LIMITS })
    await world.import(source, csvOf(['ana', 'ben', 'cleo', 'dora'].map((ID) => ({ ID }))))
    const old = new Follower(world)
    await old.catchUp(100)
    await world.import(source, csvOf(['cleo', 'dora'].map((ID) => ({ ID }))))
    const seen = new Follower(world)
    await seen.catchUp(100)
    await world.tick(31 * 24 * 60)
    await world.drain()
    await old.catchUp(1)
    await seen.catchUp(1)
    expect([old.restarts, seen.restarts]).toEqual([1, 0])
    expect(old.contacts().map(({ id }) => id)).toEqual(['cleo', 'dora'])
    const begun = new Follower(world)
    await begun.catchUp(1)
    expect(begun.restarts).toBe(0)
  })
})
