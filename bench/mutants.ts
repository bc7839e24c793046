import { basename } from 'node:path'
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
  const WORDS = { failed: 'seen    ', passed: 'SURVIVED', 'broke off': 'UNCLEAR ' }
  const counts = { failed: 0, passed: 0, 'broke off': 0 }
  const started = performance.now()
  for await (const { mutant, verdict, test, seconds } of judgeMutants(chosen, trusted)) {
    counts[verdict.what]++
    console.log(`${WORDS[verdict.what]} ${seconds.toFixed(0).padStart(4)} s  ${mutant.file}: ${mutant.bug}`)
    if (verdict.what === 'failed') console.log(`                  by ${basename(test)}: ${verdict.by}`)
    if (verdict.what === 'broke off') console.log(`                  ${basename(test)} broke off: ${verdict.why}`)
  }
  const { failed, passed, 'broke off': unclear } = counts
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(`${chosen.length} mutants in ${seconds} s: ${failed} seen by a test, ${passed} not, ${unclear} unclear.`)
  // Vitest says by the code of this process that tests failed, which they ought to.
  process.exitCode = failed === chosen.length ? 0 : 1
}
