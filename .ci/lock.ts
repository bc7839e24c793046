/*
 * Fails when npm could install a package without comparing it with what was reviewed: every package in the lock file must
 * have the digest of its archive. npm leaves it out for the binaries of other platforms when it makes the file from an
 * existing node_modules; `npm view PACKAGE@VERSION dist.integrity` says what to fill in.
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().default('') })),
})

const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')))
const unchecked = Object.entries(packages)
  // The entry without a path is this project itself.
  .filter(([path, { integrity }]) => path !== '' && !/^sha512-[\w+/]{86}==$/.test(integrity))
  .map(([path, { version }]) => `${path} ${version}`)

if (unchecked.length > 0) {
  console.error(`These entries of package-lock.json have no integrity:\n  ${unchecked.join('\n  ')}`)
  process.exitCode = 1
}
