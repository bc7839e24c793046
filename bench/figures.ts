import { arch, cpus, type as system, totalmem } from 'node:os'
import type { Result } from './measure.ts'
import type { Figure } from './scenario.ts'
import type { Size } from './works.ts'

/** The figures of one size. */
export interface Measured {
  size: Size
  /** The size of the first file. */
  bytes: number
  results: Result[]
}

/** The figures of one scenario. */
export interface Watched {
  name: string
  title: string
  does: string
  /** How long the scenario took, in seconds. */
  seconds: number
  /** `before` is the figure of the other commit, if one was measured. */
  figures: (Figure & { before?: number | undefined })[]
  /** Why it ended early; null if it did not. */
  failed: string | null
}

/** All results of one run of the benchmark, as written in JSON. */
export interface Figures {
  command: string
  at: string
  machine: string
  seed: number
  /** The measured tools, and what each does with a file. */
  tools: { name: string; does: string }[]
  /** What was missing on the machine, in sentences. */
  gaps: string[]
  measured: Measured[]
  scenarios: Watched[]
  /** The other commit that was measured; null for none. */
  beside: string | null
  /** The sizes and scenarios that were not asked for. */
  leftOut: string[]
  /** Whether the scenarios were short. */
  quick: boolean
  /** The later runs that measured a part of it again, and which sizes and scenarios. */
  again?: { command: string; at: string; what: string[] }[]
}

/** Returns the figures with those that a later run measured again in place of the former. */
export function measuredAgain(figures: Figures, later: Figures): Figures {
  const nameOf = ({ size }: Measured) => `${size.rows} rows, ${size.type.toUpperCase()}`
  const measured = figures.measured.map((one) => later.measured.find((other) => nameOf(other) === nameOf(one)) ?? one)
  const scenarios = figures.scenarios.map((one) => later.scenarios.find(({ name }) => name === one.name) ?? one)
  const what = [...later.measured.map(nameOf), ...later.scenarios.map(({ name }) => name)]
  const again = [...(figures.again ?? []), { command: later.command, at: later.at, what }]
  return { ...figures, measured, scenarios, again }
}

/** Describes the kind of machine, without its name. */
export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  const processor = cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor'
  return `${cpus().length} × ${processor} (${arch()}), ${memory} GB, ${system()}, Node ${process.versions.node}`
}

/** Returns a size in words: `100,000 rows, CSV`. */
export function titleOf({ size, bytes }: Measured): string {
  const megabytes = bytes < 1e7 ? (bytes / 1e6).toFixed(1) : (bytes / 1e6).toFixed(0)
  const rounds = size.rounds === 1 ? 'one round' : `medians of ${size.rounds} rounds`
  return `${size.rows.toLocaleString('en')} rows, ${size.type.toUpperCase()} of ${megabytes} MB, ${rounds}`
}
