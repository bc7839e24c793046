import { parseArgs } from 'node:util'
import { judgeMutants } from './mutants/judging.ts'
import { MUTANTS } from './mutants/list.ts'

/*
 * Puts deliberate bugs into a copy of the checkout, one at a time, and asks the tests of each: `npm run mutants`. A mutant
 * that no test sees is a rule without a test.
 */
const USAGE = `npm run mutants -- [--only TEXT] [--list]
  --only  only the mutants with this text in their sentence or their file
  --list  say which there are, and run nothing`

let values: { only?: string; list?: boolean }
try {
  values = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean', default: false } } }).values
} catch {
  throw new Error(`\n${USAGE}\n`)
}
const { only = '', list } = values
const chosen = MUTANTS.filter(({ bug, file }) => bug.includes(only) || file.includes(only))
if (list) for (const { bug, file } of chosen) console.log(`${file}: ${bug}`)
else {
  const survivors: string[] = []
  let judged = 0
  for await (const { mutant, seen, seconds } of judgeMutants(chosen)) {
    judged++
    console.log(`${seen ? 'seen    ' : 'SURVIVED'} ${seconds.toFixed(0).padStart(4)} s  ${mutant.file}: ${mutant.bug}`)
    if (!seen) survivors.push(mutant.bug)
  }
  console.log(`${judged} mutants, ${judged - survivors.length} seen by a test, ${survivors.length} not.`)
  process.exitCode = survivors.length === 0 ? 0 : 1
}
