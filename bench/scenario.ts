import type { GoalName } from './goals.ts'
import type { Measured } from './muster.ts'

/** The unit of a figure. A ratio has ×, and a count has none. */
export type Unit = 's' | 'ms' | 'MB' | '×' | ''

/** One thing that was measured. */
export interface Figure {
  /** What it is, in words. */
  what: string
  value: number
  unit: Unit
  /** The goal that it is judged by. */
  goal?: GoalName
}

/** What a scenario may use. */
export interface Bench {
  /** Starts an empty Muster. The scenario closes it. */
  open(options?: { watched?: boolean }): Promise<Measured>
  /** Takes figures as soon as they are known, so that they are there even if the scenario fails later. */
  found(...figures: Figure[]): void
  /** Returns what to use in a short measurement, and in a whole one. */
  sized<T>(sizes: { quick: T; whole: T }): T
  seed: number
  /** Ends a measurement after the current work. */
  signal: AbortSignal
}

/** Something to measure of Muster that no other tool does, or that is compared with Muster itself. One file each. */
export interface Scenario {
  /** Its name on the command line. */
  name: string
  title: string
  /** How it is measured, for the reader of the figures. */
  does: string
  measure(bench: Bench): Promise<void>
}

/** Returns the median of some figures; for an even number, the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/** Returns the figure below which a share of the figures is, such as 0.95. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
