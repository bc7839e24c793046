import { resolve } from 'node:path'
import { build } from '../local/build.ts'

/** Builds once, so that no test pays for it. */
export default async function setup(): Promise<void> {
  await build(resolve(import.meta.dirname, '..'), new AbortController().signal)
}
