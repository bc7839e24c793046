import { beforeEach, expect, it, vi } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { RunView } from '../api/views/run.ts'
import { enabledSources } from '../store/sources.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { crowd, csvOf } from '../testing/roster.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

const MINUTE = 60_000
/** Every day of the week, at each full hour. */
const HOURLY = {
  kind: 'weekly',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  times: Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`),
  timeZone: 'Etc/UTC',
}

let muster: InMemoryMuster
beforeEach(async () => {
  muster = await InMemoryMuster.start()
  muster.remote = csvOf(crowd(3))
})

/** Returns the runs that the schedule of a source has started. */
async function scheduled(source: string): Promise<RunView[]> {
  const { items } = await muster.api<Page<RunView>>('GET', `/api/runs?source=${source}`)
  return items.filter(({ trigger }) => trigger === 'schedule')
}

it('a due time starts one run, although the Worker crashes at any call of the tick and the tick comes again', async () => {
  const source = await muster.source({ schedule: HOURLY })
  let calls = 0
  for (let call = 1; ; call++) {
    const before = (await scheduled(source)).length
    muster.passTime(60 * MINUTE)
    const first = muster.faults.calls
    muster.faults.crashAt(call, 'after')
    await muster.tick(0).catch(() => undefined)
    const died = muster.faults.calls - first >= call
    muster.faults.restart()
    // The run may have ended before the tick comes again.
    await muster.drain()
    await muster.tick(0)
    await muster.drain()
    expect((await scheduled(source)).length - before, String(call)).toBe(1)
    calls = call
    if (!died) break
  }
  expect(calls).toBeGreaterThan(5)
})

it('an error in one source keeps no other source from its schedule', async () => {
  for (let i = 0; i < 3; i++) await muster.source({ name: `Source ${i}`, schedule: HOURLY })
  const [broken, ...others] = await enabledSources(muster.env)
  await muster.env.DB.prepare(
    `UPDATE source SET settings = json_set(settings, '$.schedule.timeZone', 'Nowhere') WHERE id = ?`,
  )
    .bind(broken?.id)
    .run()
  muster.passTime(60 * MINUTE)
  await muster.tick(0)
  await muster.drain()
  expect(await scheduled(broken?.id ?? '')).toEqual([])
  for (const { id } of others) expect(await scheduled(id)).toMatchObject([{ status: 'succeeded' }])
})
