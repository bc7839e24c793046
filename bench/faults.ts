import './faults/stubs.ts'
import { parseArgs } from 'node:util'

/*
 * Plays schedules in which every external call of the Worker may fail before, fail after, hang or kill it, messages come
 * twice or late, the cron is late, doubled or missing, and the clock jumps: `npm run faults`. At the end everything works
 * again, and every promise of docs/reliability.md must hold.
 */
const USAGE = `npm run faults -- [--schedules 10000] [--seed 1] [--trace]
  --schedules  how many schedules to play
  --seed       the seed of the first one; the next ones count on from it
  --trace      print what happened in each schedule, for --schedules 1`

/** After how many schedules the terminal hears how far they are. */
const PROGRESS_EVERY = 250

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
})

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`\n${USAGE}\n`)
}

const { playSchedule } = await import('./faults/schedule.ts')
const [schedules, first] = [whole(values.schedules), whole(values.seed)]
const started = performance.now()
let failed = 0
for (let seed = first; seed < first + schedules; seed++) {
  const outcome = await playSchedule(seed)
  const played = seed - first + 1
  if (played % PROGRESS_EVERY === 0) console.log(`${played} schedules, ${failed} of them end wrong.`)
  if (outcome === null) continue
  failed++
  console.log(`npm run faults -- --schedules 1 --seed ${seed}: ${outcome.fault}`)
  if (values.trace) console.log(outcome.trace.join('\n'))
}
const seconds = Math.round((performance.now() - started) / 1000)
console.log(`${schedules} schedules from seed ${first} in ${seconds} s, ${failed} of them end wrong.`)
process.exitCode = failed === 0 ? 0 : 1
