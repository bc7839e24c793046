import { arch, cpus, type as system, totalmem } from 'node:os'
import type { Result } from './measure.ts'
import type { Size } from './works.ts'

/** The figures of one size. */
export interface Measured {
  size: Size
  /** The size of the first file. */
  bytes: number
  results: Result[]
}

/** All that one run of the benchmark found, as it is written in JSON. */
export interface Figures {
  command: string
  at: string
  machine: string
  seed: number
  /** What each tool that was there does with a file. */
  tools: { name: string; does: string }[]
  /** What was not there, in sentences. */
  gaps: string[]
  measured: Measured[]
}

/** What kind of machine this is, without its name. */
export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  const processor = cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? 'unknown processor'
  return `${cpus().length} × ${processor} (${arch()}), ${memory} GB, ${system()}, Node ${process.versions.node}`
}

/** A size in words: `100,000 rows, CSV`. */
export function titleOf({ size, bytes }: Measured): string {
  const megabytes = bytes < 1e7 ? (bytes / 1e6).toFixed(1) : (bytes / 1e6).toFixed(0)
  const rounds = size.rounds === 1 ? 'one round' : `medians of ${size.rounds} rounds`
  return `${size.rows.toLocaleString('en')} rows, ${size.type.toUpperCase()} of ${megabytes} MB, ${rounds}`
}
