import { resolve } from 'node:path'
import { build } from '../local/build.ts'

/** Builds the system once, before all tests. */
export default async function setup(): Promise<void> {
  await build(resolve(import.meta.dirname, '..'), new AbortController().signal)
}
