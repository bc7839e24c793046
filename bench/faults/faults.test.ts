import { expect, inject, it, vi } from 'vitest'
import { playSchedule } from './schedule.ts'

vi.mock('../../worker/src/connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

/** The schedules of every push, and those of the day. */
const ALWAYS = 12
const OF_THE_DAY = 12

it('after calls that fail, hang and kill the Worker, and messages that come twice or late, every promise holds', async () => {
  const day = inject('sample') ?? 0
  const seeds = [
    ...Array.from({ length: ALWAYS }, (_, i) => i + 1),
    ...Array.from({ length: OF_THE_DAY }, (_, i) => 1_000_000 + day * OF_THE_DAY + i),
  ]
  const faults: string[] = []
  for (const seed of seeds) {
    const outcome = await playSchedule(seed)
    if (outcome !== null) faults.push(`npm run faults -- --schedules 1 --seed ${seed} --trace: ${outcome.fault}`)
  }
  expect(faults).toEqual([])
})
