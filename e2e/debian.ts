import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'

/**
 * Runs `command`, and where it is missing installs Debian's package of it first, if it may. Throws an `Error` that says
 * what to install otherwise, so that a test fails instead of passing unseen.
 */
export function runTool(command: string, args: string[], debianPackage = command): void {
  const options: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'pipe'] }
  try {
    execFileSync(command, args, options)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    installPackage(debianPackage)
    execFileSync(command, args, options)
  }
}

/** Installs one of Debian's packages. Throws an `Error` that says what to install where it may not. */
export function installPackage(name: string): void {
  try {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', name]]) {
      execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
  } catch {
    throw new Error(`This test needs a program that is missing here: sudo apt-get install ${name}`)
  }
}
