import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../e2e/muster.ts'
import { runProgram } from './program.ts'

/** A commit in a folder of its own, ready to be started. */
interface CheckOut {
  /** The short name of the commit. */
  commit: string
  root: string
  remove(): Promise<void>
}

/** Checks out a commit of this repository beside it and installs its packages. Throws an `Error` if it does not exist. */
export async function checkOut(commit: string): Promise<CheckOut> {
  const name = (await git('rev-parse', '--short', `${commit}^{commit}`)).trim()
  const folder = await mkdtemp(join(tmpdir(), 'muster-beside-'))
  const root = join(folder, name)
  await git('worktree', 'add', '--detach', root, name)
  console.log(`Installing ${name} …`)
  await runProgram('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root })
  return {
    commit: name,
    root,
    async remove() {
      await git('worktree', 'remove', '--force', root)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function git(...args: string[]): Promise<string> {
  return runProgram('git', args, { cwd: ROOT })
}
