import { parseArgs } from 'node:util'
import { judgeMutants } from './mutants/judging.ts'
import { MUTANTS } from './mutants/list.ts'

/*
 * Puts deliberate bugs into a copy of the checkout, one at a time, and asks the tests of each: `npm run mutants`. A mutant
 * that no test sees is a rule without a test.
 */
const USAGE = `npm run mutants -- [--only TEXT …] [--trusted] [--list]
  --only     only the mutants with this text in their sentence or their file; it can be given several times
  --trusted  do not run the tests without a mutant first, since they are known to pass
  --list     say which there are, and run nothing`

let values: { only?: string[]; trusted?: boolean; list?: boolean }
try {
  const flag = { type: 'boolean', default: false } as const
  values = parseArgs({ options: { only: { type: 'string', multiple: true }, trusted: flag, list: flag } }).values
} catch {
  throw new Error(`\n${USAGE}\n`)
}
const { only = [''], trusted = false, list } = values
const chosen = MUTANTS.filter(({ bug, file }) => only.some((text) => bug.includes(text) || file.includes(text)))
if (list) for (const { bug, file } of chosen) console.log(`${file}: ${bug}`)
else {
  const survivors: string[] = []
  let judged = 0
  for await (const { mutant, seen, seconds } of judgeMutants(chosen, trusted)) {
    judged++
    console.log(`${seen ? 'seen    ' : 'SURVIVED'} ${seconds.toFixed(0).padStart(4)} s  ${mutant.file}: ${mutant.bug}`)
    if (!seen) survivors.push(mutant.bug)
  }
  console.log(`${judged} mutants, ${judged - survivors.length} seen by a test, ${survivors.length} not.`)
  process.exitCode = survivors.length === 0 ? 0 : 1
}
