import type { ProblemCode } from '../problem.ts'

/** Something wrong with a cell. Whether it is an error or a warning depends on the column, so the mapper of rows decides. */
export interface Finding {
  code: ProblemCode
  /** For the administrator: what is wrong and what to do. May quote the cell. */
  message: string
}

/** A cell that was read. Findings are warnings: parts that were left out, or a placeholder read as blank. */
export interface Read<T> {
  kind: 'value'
  value: T
  findings: readonly Finding[]
}

/** A cell with no value: what is stored is cleared, or an error where the column is required. */
export interface Blank {
  kind: 'blank'
  /** `placeholder`, where the cell said `n/a` or the like. */
  findings: readonly Finding[]
}

/** A cell that says something which cannot be read: what is stored stays. */
export interface Unreadable {
  kind: 'unreadable'
  findings: readonly [Finding, ...Finding[]]
}

/** What a rule for a cell gives. It never throws, whatever the cell. */
export type Value<T> = Read<T> | Blank | Unreadable

/** The findings of a cell with nothing wrong: one array for all, since there are millions of such cells. */
const NO_FINDINGS: readonly Finding[] = Object.freeze([])

/** The one blank cell with nothing to say about it. */
export const BLANK: Blank = Object.freeze({ kind: 'blank', findings: NO_FINDINGS })

/** A cell that was read, with warnings where there are any. */
export function read<T>(value: T, findings: readonly Finding[] = NO_FINDINGS): Read<T> {
  return { kind: 'value', value, findings }
}

/** A cell that cannot be read, with what is wrong and what to do. */
export function unreadable(code: ProblemCode, message: string): Unreadable {
  return { kind: 'unreadable', findings: [{ code, message }] }
}

/** A cell of a thousand wrong parts is one mistake, and its first few show which. */
const MOST_FINDINGS = 10

/**
 * A cell of several parts: what was read of it, with a finding for each of the first ten parts that were not. With
 * nothing read it is unreadable, or blank where there is nothing to say either.
 */
export function readParts<T>(values: T[], findings: readonly Finding[]): Value<T[]> {
  const named = findings.slice(0, MOST_FINDINGS)
  if (values.length > 0) return named.length === 0 ? read(values) : read(values, named)
  const [first, ...rest] = named
  return first === undefined ? BLANK : { kind: 'unreadable', findings: [first, ...rest] }
}
