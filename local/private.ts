import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Lets only the owner read a folder and all that is in it. Earlier versions made files that everybody on the machine could read.
 * Links are not followed.
 */
export function makePrivate(folder: string): void {
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) makePrivate(path)
    else if (entry.isFile() && (lstatSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
  }
}

/** Lets only the owner read the files that this process and those that it starts will make. */
export function makeFilesPrivate(): void {
  process.umask(0o077)
}
