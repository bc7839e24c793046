import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a program to its end. Throws an `Error` with the program's output if it fails. */
export async function runProgram(
  program: string,
  args: string[],
  options: { uid?: number; gid?: number; cwd?: string } = {},
): Promise<string> {
  return (await run(program, args, options)).stdout
}

/** Runs a program like `runProgram`, and returns the seconds from start to end. */
export async function timeProgram(program: string, args: string[]): Promise<number> {
  const started = performance.now()
  await run(program, args)
  return (performance.now() - started) / 1000
}

/** Returns null if the program runs, otherwise a sentence that says what is missing. */
export async function missingProgram(program: string, debianPackage: string): Promise<string | null> {
  return run(program, ['--version']).then(
    () => null,
    () => `${program} is not installed (on Debian: apt-get install ${debianPackage}).`,
  )
}
