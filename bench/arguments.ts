import { parseArgs } from 'node:util'
import type { Size } from './works.ts'

const USAGE = `npm run bench -- [--all] [--rounds N] [--seed N] [--tools NAMES] [--beside COMMIT] [--write] [SIZE …]
  SIZE      rows of a CSV file (10k, 100k, 1M) or of a workbook (10k.xlsx); with :N for rounds of its own (1M:1)
  --all     all sizes: ALL
  --rounds  how often each work is done; the median counts (default 3)
  --seed    what the files are generated from (default 1)
  --tools   only these beside Muster, with commas between them (sqlite3,PostgreSQL)
  --beside  measure Muster as it was at this commit too, checked out and installed in a folder of its own
  --write   write docs/performance.md with its chart from the figures`

const DEFAULT_SIZES = ['10k', '100k', '10k.xlsx']
const ALL_SIZES = ['10k', '100k', '1M', '10k.xlsx', '100k.xlsx', '250k.xlsx']

/** The benchmark that the arguments ask for. */
interface Asked {
  sizes: Size[]
  seed: number
  /** The tools to measure beside Muster; null for all. */
  tools: string[] | null
  /** The commit to measure beside this one; null for none. */
  beside: string | null
  /** Whether to write the page with the figures. */
  write: boolean
  /** The command as it was typed. */
  command: string
}

/** Reads the arguments after `npm run bench --`. Throws an `Error` that explains the usage if they are invalid. */
export function readArguments(args: string[]): Asked {
  const usage = new Error(`\n${USAGE.replace('ALL', ALL_SIZES.join(' '))}\n`)
  const { values, positionals } = parseArgs({
    args,
    options: {
      all: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      tools: { type: 'string' },
      beside: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  const whole = (text: string) => {
    if (!/^\d{1,9}$/.test(text)) throw usage
    return Number(text)
  }
  const asked = values.all ? ALL_SIZES : positionals.length > 0 ? positionals : DEFAULT_SIZES
  const sizes = asked.map((text) => {
    const [, digits, unit = '', xlsx, rounds = values.rounds] = /^(\d+)([kM]?)(\.xlsx)?(?::(\d+))?$/.exec(text) ?? []
    if (digits === undefined) throw usage
    const rows = whole(digits) * (unit === 'M' ? 1_000_000 : unit === 'k' ? 1000 : 1)
    return { type: xlsx === undefined ? ('csv' as const) : ('xlsx' as const), rows, rounds: Math.max(1, whole(rounds)) }
  })
  const command = ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' ')
  const { beside = null, write } = values
  return { sizes, seed: whole(values.seed), tools: values.tools?.split(',') ?? null, beside, write, command }
}
