import { parseArgs } from 'node:util'
import { killAndJudge } from './kills/killing.ts'

/*
 * Kills the whole local system with SIGKILL while it works, starts it again and judges what it has made of it:
 * `npm run kills`. Everything is on loopback, and ends by itself.
 */
const USAGE = `npm run kills -- [--times 200] [--seed 1] [--contacts 4000]
  --times     how often to kill it
  --seed      when it is killed, and what the files have, follow from it
  --contacts  how many contacts a file has`

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    contacts: { type: 'string', default: '4000' },
  },
})

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`\n${USAGE}\n`)
}

const seed = whole(values.seed)
const outcome = await killAndJudge({ times: whole(values.times), contacts: whole(values.contacts), seed }, console.log)
for (const [status, count] of outcome.states)
  console.log(`${String(count).padStart(6)} kills while the run was ${status}`)
for (const fault of outcome.faults) console.log(`npm run kills -- --seed ${seed}: ${fault}`)
console.log(
  `${outcome.kills} kills, ${outcome.doubled} of ${outcome.messages} messages twice, ${outcome.faults.length} faults.`,
)
process.exitCode = outcome.faults.length === 0 ? 0 : 1
