import { parseArgs } from 'node:util'
import { judgeDamage, type Outcome } from './damage/judging.ts'

/*
 * Imports files that were damaged at random, after the same files undamaged: `npm run damage`. Each must end in a plan
 * or in a documented failure, and no plan may change a contact whose row the damage did not hit.
 */
const USAGE = `npm run damage -- [--files 100000] [--seed 1]
  --files  how many damaged files to import
  --seed   the seed of the first file; the next ones count on from it. A fault is repeated with --files 1 and its seed`

const { values } = parseArgs({
  options: { files: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`\n${USAGE}\n`)
}

const counts = new Map<string, number>()
const faults: Outcome[] = []
let misread = 0
let slowest = { seed: 0, milliseconds: 0 }
let start = performance.now()
for await (const outcome of judgeDamage(whole(values.files), whole(values.seed))) {
  const milliseconds = Math.round(performance.now() - start)
  start = performance.now()
  if (milliseconds > slowest.milliseconds) slowest = { seed: outcome.seed, milliseconds }
  counts.set(outcome.code, (counts.get(outcome.code) ?? 0) + 1)
  if (outcome.misread) misread++
  if (outcome.fault === null) continue
  faults.push(outcome)
  console.log(`Seed ${outcome.seed}, ${outcome.form}, ${outcome.damage}: ${outcome.fault}`)
}
for (const [code, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(8)} ${code}`)
console.log(`${String(misread).padStart(8)} of them read in another encoding than before`)
console.log(`${faults.length} faults; the slowest file was seed ${slowest.seed} with ${slowest.milliseconds} ms.`)
process.exitCode = faults.length === 0 ? 0 : 1
