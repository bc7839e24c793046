import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { runProgram } from '../program.ts'
import type { Figure, Scenario } from '../scenario.ts'

const PROGRAM = resolve(import.meta.dirname, '../reading.ts')
const RESULTS = resolve(import.meta.dirname, '../results')

/** The results that `npm run bench:reading` writes. */
const resultsSchema = z.object({
  contacts: z.number(),
  requests: z.array(z.object({ name: z.string(), p50: z.number(), p95: z.number() })),
  exports: z.array(z.object({ name: z.string(), firstBytes: z.number(), seconds: z.number() })),
})

/** How a large directory is read. */
export const reading: Scenario = {
  name: 'reading',
  title: 'Reading 1,200,000 contacts',
  does: 'Each kind of request, one after the other, from a directory of 1,200,000 contacts that was filled by the statements of an import (`npm run bench:reading`).',
  async measure({ found, sized }) {
    if (!existsSync(PROGRAM)) throw new Error('There is no bench/reading.ts.')
    await runProgram(process.execPath, [PROGRAM, '--rounds', sized({ quick: '5', whole: '20' }), '--exports'])
    const { requests, exports } = resultsSchema.parse(JSON.parse(await readFile(await newestResults(), 'utf8')))
    const slowest = Math.max(...requests.map(({ p95 }) => p95))
    found(
      { what: 'the slowest kind of request: 95 of 100 within', value: slowest, unit: 'ms', goal: 'reading' },
      ...requests.flatMap(({ name, p50, p95 }): Figure[] => [
        { what: `${name}: half within`, value: p50, unit: 'ms' },
        { what: `${name}: 95 of 100 within`, value: p95, unit: 'ms' },
      ]),
      ...exports.flatMap(({ name, firstBytes, seconds }): Figure[] => [
        { what: `${name}: first bytes`, value: firstBytes, unit: 'ms', goal: 'exportStart' },
        { what: `${name}: all`, value: seconds, unit: 's' },
      ]),
    )
  },
}

async function newestResults(): Promise<string> {
  const names = (await readdir(RESULTS)).filter((name) => name.startsWith('reading-')).sort()
  return join(RESULTS, names.at(-1) ?? '')
}
