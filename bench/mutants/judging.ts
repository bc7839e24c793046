import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from '../../e2e/muster.ts'
import { runProgram } from '../program.ts'
import { type Mutant, plant } from './mutant.ts'

/** What the tests of a mutant said. */
interface Judged {
  mutant: Mutant
  /** Whether a test failed. */
  seen: boolean
  seconds: number
}

/**
 * Plants one mutant after the other in a copy of the checkout and runs its tests there. Throws an `Error` if the tests fail
 * without any mutant, which is not tried if they are `trusted`, or if the text of a mutant is gone.
 */
export async function* judgeMutants(mutants: readonly Mutant[], trusted: boolean): AsyncGenerator<Judged> {
  const copy = await copyOfCheckout()
  try {
    const files = [...new Set(mutants.flatMap(({ tests }) => tests))]
    if (!trusted) {
      console.log(`Running the ${files.length} test files without any mutant …`)
      const before = await runTests(copy, files)
      if (!before.passed) throw new Error(`The tests fail without any mutant:\n${before.output}`)
    }
    for (const mutant of mutants) {
      const takeOut = plant(copy, mutant)
      const start = performance.now()
      const { passed } = await runTests(copy, mutant.tests)
      takeOut()
      yield { mutant, seen: !passed, seconds: (performance.now() - start) / 1000 }
    }
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** Copies the files of the checkout that git knows or would add. The packages are shared: no mutant is in one. */
async function copyOfCheckout(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'muster-mutants-'))
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

/** Runs test files until one fails. The sample of random cases is always the same, so that a mutant is judged alike. */
function runTests(cwd: string, files: readonly string[]): Promise<{ passed: boolean; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', ...files], {
    cwd,
    env: { ...process.env, MUSTER_SAMPLE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ passed: code === 0, output }))
  })
}
