import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Figures, printed } from './catalogue/figures.ts'
import { judgeAccidents, judgeNights, SIZES } from './catalogue/judging.ts'
import { pageOf } from './catalogue/page.ts'

/*
 * Judges the default limits by a catalogue of accidents and ordinary nights: `npm run catalogue`. Everything is
 * generated from the seed, so the same command gives the same figures.
 */
const USAGE = `npm run catalogue -- [--sizes 25,300] [--nights 1000] [--seed 1,2] [--write]
  --sizes   how many contacts an organization has to which accidents happen (default ${SIZES.join()})
  --nights  how many ordinary nights pass
  --seed    what organizations, accidents and nights are generated from; the page has a line for each further one
  --write   write docs/limits.md from the figures`

const args = process.argv.slice(2)
const { values } = parseArgs({
  args,
  options: {
    sizes: { type: 'string', default: SIZES.join() },
    nights: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
})

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`\n${USAGE}\n`)
}

async function judgedBy(seed: number): Promise<Figures> {
  const command = ['npm run catalogue', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
  const figures: Figures = { command, seed, cases: [], nights: [] }
  for await (const one of judgeAccidents(values.sizes.split(',').map(whole), seed)) figures.cases.push(one)
  for await (const one of judgeNights(whole(values.nights), seed)) figures.nights.push(one)
  console.log(`Seed ${seed}\n\n${printed(figures)}\n`)
  return figures
}

const judged: Figures[] = []
for (const seed of values.seed.split(',')) judged.push(await judgedBy(whole(seed)))
const [figures, ...others] = judged
if (values.write && figures !== undefined) {
  await writeFile(resolve(import.meta.dirname, '../docs/limits.md'), pageOf(figures, others))
}
