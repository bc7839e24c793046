import type { GoalName } from '../goals.ts'
import { type Cost, mostLive } from '../inspector.ts'
import type { Figure } from '../scenario.ts'

/** Returns the memory of an observed piece of work: the most of all its phases, each phase, and the whole process. */
export function memoryOf(work: string, cost: Cost | null, goal?: GoalName): Figure[] {
  if (cost === null) return []
  const megabytes = (bytes: number) => bytes / 1e6
  return [
    { what: `${work}: live memory`, value: megabytes(mostLive(cost)), unit: 'MB', ...(goal && { goal }) },
    ...Object.entries(cost.liveMemory).map(
      ([phase, bytes]): Figure => ({ what: `${work}: live memory in ${phase}`, value: megabytes(bytes), unit: 'MB' }),
    ),
    { what: `${work}: times it was measured`, value: cost.samples, unit: '' },
    { what: `${work}: memory of the whole process`, value: megabytes(cost.processMemory), unit: 'MB' },
    { what: `${work}: D1 queries`, value: cost.queries, unit: '' },
  ]
}
