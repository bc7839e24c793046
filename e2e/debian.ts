import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'

/**
 * Runs `command`. If it is missing and the user may install packages, installs Debian's package of it first. Throws an
 * `Error` that says what to install otherwise, so that the test fails instead of being skipped.
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

/** Installs a Debian package. Throws an `Error` that says what to install if the user may not install packages. */
export function installPackage(name: string): void {
  try {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', name]]) {
      execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
  } catch {
    throw new Error(`This test needs a program that is missing here: sudo apt-get install ${name}`)
  }
}
