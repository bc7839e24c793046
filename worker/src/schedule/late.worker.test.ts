import { describe, expect, it } from 'vitest'
import type { SourceView } from '../api/views/source.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const HOUR = 60

async function weekly(settings: Record<string, unknown> = {}) {
  const world = await World.start()
  const source = await world.source({
    limits: NO_LIMITS,
    freshness: { atLeastEveryHours: 168 },
    notify: { emails: ['a@example.org'], when: 'never' },
    ...settings,
  })
  const look = () => world.api<SourceView>('GET', `/api/sources/${source}`)
  /** Lets hours pass and delivers the pending messages. */
  const wait = async (hours: number) => {
    await world.tick(hours * HOUR)
    await world.drain()
  }
  const subjects = () => world.mails.map(({ subject }) => subject)
  return { world, source, look, wait, subjects }
}

describe('a file that must change by a time', () => {
  it('a late file is reported once, and once more when it changes again', async () => {
    const { world, source, look, wait, subjects } = await weekly()
    await world.import(source, csvOf([{ ID: 'ana' }]))
    await wait(167)
    expect(subjects()).toEqual([])
    await wait(2)
    await wait(200)
    expect(subjects()).toEqual(['Staff: the file is late'])
    expect(world.mails[0]?.text).toMatch(/at least every 7 days.*since \d{4}-.*UTC/)
    expect(world.mails[0]?.text).toContain(`/sources/${source}`)
    expect((await look()).health).toBe('late')
    await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'ben' }]))
    expect(subjects()).toEqual(['Staff: the file is late', 'Staff: the file has changed again'])
    expect((await look()).health).toBe('ok')
  })

  it('the same bytes, a broken file and a preview do not make a file fresh; a held run does', async () => {
    const { world, source, look, wait, subjects } = await weekly({ limits: {} })
    const file = csvOf(Array.from({ length: 10 }, (_, i) => ({ ID: `p${i}` })))
    await world.import(source, file)
    const { fileChangedAt } = await look()
    await world.import(source, file)
    await world.import(source, 'no contact file')
    await world.import(source, csvOf([{ ID: 'p1' }]), 'preview')
    expect((await look()).fileChangedAt).toBe(fileChangedAt)
    await wait(169)
    expect(subjects()).toContain('Staff: the file is late')
    expect((await world.import(source, csvOf([{ ID: 'p1' }]))).status).toBe('held')
    expect(subjects()).toContain('Staff: the file has changed again')
    expect(Date.parse((await look()).fileChangedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(fileChangedAt ?? ''))
  })

  it('a late file is reported to the administrators if the source has no recipients, also if no file ever came', async () => {
    const { world, wait } = await weekly({ notify: { emails: [], when: 'never' } })
    await wait(169)
    expect(world.mails).toMatchObject([{ to: ['admin@example.org'], subject: 'Staff: the file is late' }])
    expect(world.mails[0]?.text).toContain('has brought nothing yet')
  })

  it('the time of a late file counts from the setting, and a disabled source is never late', async () => {
    const { world, source, look, wait, subjects } = await weekly({ enabled: false })
    await wait(400)
    expect(subjects()).toEqual([])
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    expect((await look()).health).toBe('new')
    await world.api('PATCH', `/api/sources/${source}`, { freshness: null })
    await wait(400)
    expect(subjects()).toEqual([])
  })

  it.each(Array.from({ length: 14 }, (_, i) => i + 1))(
    'a late file is reported once even if the Worker crashes at call %i of the tick and ticks and messages come twice',
    async (call) => {
      const { world, wait, subjects } = await weekly()
      world.faults.crashAt(call, call % 2 === 0 ? 'before' : 'after')
      await world.tick(169 * HOUR).catch(() => undefined)
      world.faults.restart()
      await world.drain(2)
      await wait(0)
      await wait(1)
      expect(subjects()).toEqual(['Staff: the file is late'])
    },
  )
})

describe('a streak of failures', () => {
  const refused = (status: number) => () => new Response('no', { status })

  it('a streak of failures is reported once for each code in a row, and its end once', async () => {
    const { world, source, subjects } = await weekly()
    for (const remote of [refused(404), refused(404), refused(403), refused(403), refused(404)]) {
      await world.import(source, remote)
    }
    expect(subjects()).toEqual(Array(3).fill('Staff: import failed'))
    for (let i = 0; i < 2; i++) await world.import(source, csvOf([{ ID: 'ana' }]))
    expect(subjects().slice(3)).toEqual(['Staff: imports are working again'])
    await world.import(source, refused(404))
    expect(subjects()).toHaveLength(5)
  })

  it('a failed preview does not belong to a streak of failures', async () => {
    const { world, source, subjects } = await weekly()
    await world.import(source, refused(404), 'preview')
    expect(subjects()).toEqual([])
    await world.import(source, refused(404))
    expect(subjects()).toEqual(['Staff: import failed'])
  })
})
