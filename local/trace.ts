/*
 * Reads the log of the deployed Worker, whose code is minified, and writes it with the places of its stack traces as
 * files and lines of the sources: `npm run -s wrangler -- tail | npm run -s trace`. The checkout must be the deployed commit.
 */
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from './build.ts'
import { sourcePlaces } from './stack.ts'

const root = resolve(import.meta.dirname, '..')
const { worker } = await build(root, AbortSignal.timeout(120_000))
const readable = sourcePlaces(worker, root)
for await (const line of createInterface({ input: process.stdin })) console.log(readable(line))
