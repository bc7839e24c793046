import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createVitest, type Vitest } from 'vitest/node'

/** What came of a test file. */
export type Verdict =
  | { what: 'passed' }
  /** `by` is the name of a test that failed. */
  | { what: 'failed'; by: string; why: string }
  /** The file did not come to its end, and no test of it failed. */
  | { what: 'broke off'; why: string }

/**
 * Runs test files of a copy of the checkout. Vitest is kept open, since to start it and to transform every module again costs
 * more than most tests; each run still has a process of its own.
 */
export class Tests {
  readonly #root: string
  #vitest: Vitest | null = null

  /** `root`: the folder of the copy, which must be the working directory of this process. */
  constructor(root: string) {
    this.#root = root
  }

  /** Runs a test file, from the root of the copy, until one of its tests fails. */
  async run(file: string): Promise<Verdict> {
    this.#vitest ??= await open(this.#root)
    const path = join(this.#root, file)
    const specification = this.#vitest.getModuleSpecifications(path)[0]
    if (specification === undefined) return { what: 'broke off', why: `${file} is no test` }
    const { testModules, unhandledErrors } = await this.#vitest.runTestSpecifications([specification])
    const module = testModules.find(({ moduleId }) => moduleId === path)
    const [failed] = module?.children.allTests('failed') ?? []
    if (failed !== undefined) return { what: 'failed', by: failed.fullName, why: textOf(failed.result().errors ?? []) }
    const errors = [...unhandledErrors, ...(module?.errors() ?? [])]
    if (errors.length > 0) return { what: 'broke off', why: textOf(errors) }
    const [passed] = module?.children.allTests('passed') ?? []
    return passed === undefined ? { what: 'broke off', why: `no test of ${file} ran` } : { what: 'passed' }
  }

  /** Hears that a file was written, from the root of the copy. */
  async changed(file: string): Promise<void> {
    // Everything but a module is read when Vitest is started: the Workers' tests have the migrations from its configuration.
    if (/\.tsx?$/.test(file)) this.#vitest?.invalidateFile(join(this.#root, file))
    else await this.close()
  }

  async close(): Promise<void> {
    const vitest = this.#vitest
    this.#vitest = null
    await vitest?.close()
  }
}

/** When a test counts as one that a mutant keeps from its end, in milliseconds. */
const ENDLESS = 120_000

async function open(root: string): Promise<Vitest> {
  // As `vitest run` sets them, and always the same sample of random cases, so that a mutant is judged alike.
  Object.assign(process.env, { TEST: 'true', VITEST: 'true', NODE_ENV: 'test', MUSTER_SAMPLE: '1', PWD: root })
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const options = { root, watch: false, bail: 1, silent: true, reporters: [{}], testTimeout: ENDLESS }
  const vitest = await createVitest(options, {}, { stdout: nowhere, stderr: nowhere })
  await vitest.standalone()
  return vitest
}

function textOf(errors: readonly unknown[]): string {
  return errors.map((error) => (error as { message?: string }).message ?? String(error)).join('\n')
}
