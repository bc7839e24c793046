import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from '../../e2e/muster.ts'
import { runProgram } from '../program.ts'
import { type Mutant, plant } from './mutant.ts'
import { Tests, type Verdict } from './running.ts'

/** What came of the tests of a mutant. */
interface Judged {
  mutant: Mutant
  /** The verdict of the last test file that was asked: the first one that does not pass, if there is one. */
  verdict: Verdict
  /** That file. */
  test: string
  seconds: number
}

/**
 * Plants one mutant after the other in a copy of the checkout and runs its tests there, until one fails. Throws an `Error` if
 * the tests fail without any mutant, which is not tried if they are `trusted`, or if the text of a mutant is gone.
 */
export async function* judgeMutants(mutants: readonly Mutant[], trusted: boolean): AsyncGenerator<Judged> {
  const copy = await copyOfCheckout()
  const before = process.cwd()
  process.chdir(copy)
  const tests = new Tests(copy)
  try {
    if (!trusted) await insistOnTests(tests, [...new Set(mutants.flatMap((mutant) => mutant.tests))])
    for (const mutant of mutants) {
      const takeOut = plant(copy, mutant)
      await tests.changed(mutant.file)
      const start = performance.now()
      const { verdict, test } = await ask(tests, mutant.tests)
      yield { mutant, verdict, test, seconds: (performance.now() - start) / 1000 }
      takeOut()
      await tests.changed(mutant.file)
    }
  } finally {
    await tests.close()
    process.chdir(before)
    await rm(copy, { recursive: true, force: true })
  }
}

/** Runs every test file without a mutant: a test that always fails would see any mutant. */
async function insistOnTests(tests: Tests, files: readonly string[]): Promise<void> {
  console.log(`Running the ${files.length} test files without any mutant …`)
  for (const file of files) {
    const verdict = await tests.run(file)
    if (verdict.what !== 'passed') throw new Error(`${file} does not pass without any mutant: ${verdict.why}`)
  }
}

async function ask(tests: Tests, files: readonly string[]): Promise<{ verdict: Verdict; test: string }> {
  let last: { verdict: Verdict; test: string } | null = null
  for (const test of files) {
    last = { verdict: await tests.run(test), test }
    if (last.verdict.what !== 'passed') break
  }
  if (last === null) throw new Error('A mutant has no tests')
  return last
}

/** Copies the files of the checkout that git knows or would add. The packages are shared: no mutant is in one. */
async function copyOfCheckout(): Promise<string> {
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'muster-mutants-')))
  const listed = await runProgram('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  })
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(copy, file)), { recursive: true })
    await cp(join(ROOT, file), join(copy, file))
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  return copy
}
