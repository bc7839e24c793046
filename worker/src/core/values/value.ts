import type { ProblemCode } from '../problem.ts'

/**
 * A problem of a cell. The reader of rows decides whether it is an error or a warning, because that depends on the
 * column.
 */
export interface Finding {
  code: ProblemCode
  /** The message for the administrator: the problem and its remedy. May quote the cell. */
  message: string
}

/** A readable cell. Its findings are warnings: parts that were left out, or a placeholder read as blank. */
export interface Read<T> {
  kind: 'value'
  value: T
  findings: readonly Finding[]
}

/** A cell without a value: the stored value is cleared, or it is an error if the column is required. */
export interface Blank {
  kind: 'blank'
  /** `placeholder`, if the cell holds `n/a` or a similar word. */
  findings: readonly Finding[]
}

/** A cell whose text cannot be read: the stored value stays. */
export interface Unreadable {
  kind: 'unreadable'
  findings: readonly [Finding, ...Finding[]]
}

/** The result of reading a cell. A reader never throws, whatever the cell. */
export type Value<T> = Read<T> | Blank | Unreadable

/** The findings of a cell without problems: one shared array, because there are millions of such cells. */
const NO_FINDINGS: readonly Finding[] = Object.freeze([])

/** The shared result for a blank cell without findings. */
export const BLANK: Blank = Object.freeze({ kind: 'blank', findings: NO_FINDINGS })

/** Returns the result for a readable cell, with its warnings. */
export function read<T>(value: T, findings: readonly Finding[] = NO_FINDINGS): Read<T> {
  return { kind: 'value', value, findings }
}

/** Returns the result for an unreadable cell, with the problem and its remedy. */
export function unreadable(code: ProblemCode, message: string): Unreadable {
  return { kind: 'unreadable', findings: [{ code, message }] }
}

/** The most findings for one cell. A cell of a thousand wrong parts is one mistake, and its first few parts show it. */
const MOST_FINDINGS = 10

/**
 * Returns the result for a cell of several parts: the readable parts, with a finding for each of the first ten
 * unreadable ones. If no part is readable, the cell is unreadable, or blank if it has no findings either.
 */
export function readParts<T>(values: T[], findings: readonly Finding[]): Value<T[]> {
  const named = findings.slice(0, MOST_FINDINGS)
  if (values.length > 0) return named.length === 0 ? read(values) : read(values, named)
  const [first, ...rest] = named
  return first === undefined ? BLANK : { kind: 'unreadable', findings: [first, ...rest] }
}
