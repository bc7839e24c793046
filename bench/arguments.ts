import { parseArgs } from 'node:util'
import { SCENARIOS } from './scenarios.ts'
import type { Size } from './works.ts'

const USAGE = `npm run bench -- [--all | --quick] [--only NAMES] [--rounds N] [--seed N] [--tools NAMES] [--beside COMMIT] [--write | --again] [SIZE …]
  SIZE      rows of a CSV file (10k, 100k, 1M) or of a workbook (10k.xlsx); with :N for rounds of its own (1M:1)
  --all     all sizes (ALL) and all scenarios
  --quick   few sizes (QUICK) and shorter scenarios, in about a quarter of an hour
  --only    only these scenarios, with commas between them: SCENARIOS
  --rounds  how often each work is done; the median counts (default 3)
  --seed    what the files are generated from (default 1)
  --tools   only these beside Muster, with commas between them (sqlite3,PostgreSQL)
  --beside  measure Muster as it was at this commit too, checked out and installed in a folder of its own
  --write   write docs/performance.md with its chart from the figures
  --again   write them in place of the same figures on that page, and keep the others`

const DEFAULT_SIZES = ['10k', '100k', '10k.xlsx']
const QUICK_SIZES = ['100k:2', '10k.xlsx:1']
const ALL_SIZES = ['10k', '100k', '1M:1', '10k.xlsx', '100k.xlsx:1', '250k.xlsx:1']

/** The benchmark that the arguments ask for. */
interface Asked {
  sizes: Size[]
  /** The names of the scenarios. */
  scenarios: string[]
  /** Whether the scenarios are to be short. */
  quick: boolean
  /** What a whole measurement has and this one has not. */
  leftOut: string[]
  seed: number
  /** The tools to measure beside Muster; null for all. */
  tools: string[] | null
  /** The commit to measure beside this one; null for none. */
  beside: string | null
  /** Whether to write the page with the figures. */
  write: boolean
  /** Whether the page keeps the figures that are not asked for. */
  again: boolean
  /** The command as it was typed. */
  command: string
}

/** Reads the arguments after `npm run bench --`. Throws an `Error` that explains the usage if they are invalid. */
export function readArguments(args: string[]): Asked {
  const names = SCENARIOS.map(({ name }) => name)
  const words = USAGE.replace('ALL', ALL_SIZES.join(' ')).replace('QUICK', QUICK_SIZES.join(' '))
  const usage = new Error(`\n${words.replace('SCENARIOS', names.join(', '))}\n`)
  const { values, positionals } = parseArgs({
    args,
    options: {
      all: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      tools: { type: 'string' },
      beside: { type: 'string' },
      write: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const whole = (text: string) => {
    if (!/^\d{1,9}$/.test(text)) throw usage
    return Number(text)
  }
  const { all, quick, only, beside = null, again } = values
  const write = values.write || again
  const scenarios = only?.split(',') ?? (all || quick ? names : [])
  if (scenarios.some((name) => !names.includes(name))) throw usage
  const usual = only === undefined ? DEFAULT_SIZES : []
  const asked =
    positionals.length > 0 ? positionals : all ? ALL_SIZES : quick && only === undefined ? QUICK_SIZES : usual
  const sizes = asked.map((text) => {
    const [, digits, unit = '', xlsx, rounds = values.rounds] = /^(\d+)([kM]?)(\.xlsx)?(?::(\d+))?$/.exec(text) ?? []
    if (digits === undefined) throw usage
    const rows = whole(digits) * (unit === 'M' ? 1_000_000 : unit === 'k' ? 1000 : 1)
    return { type: xlsx === undefined ? ('csv' as const) : ('xlsx' as const), rows, rounds: Math.max(1, whole(rounds)) }
  })
  const plain = (size: string) => size.replace(/:.*/, '')
  const leftOut = [
    ...ALL_SIZES.map(plain).filter((size) => !asked.map(plain).includes(size)),
    ...names.filter((name) => !scenarios.includes(name)),
  ]
  const command = ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' ')
  const tools = values.tools?.split(',') ?? null
  return { sizes, scenarios, quick, leftOut, seed: whole(values.seed), tools, beside, write, again, command }
}
