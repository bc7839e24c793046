/** Something wrong with a cell. Whether it is an error or a warning depends on the column, so the mapper of rows decides. */
export interface Finding<Code extends string = string> {
  /** Stable, snake_case. */
  code: Code
  /** One sentence for the administrator: what is wrong and what to do. May quote the cell. */
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

/** A cell that has a value which cannot be read: what is stored stays. */
export interface Unreadable {
  kind: 'unreadable'
  findings: readonly [Finding, ...Finding[]]
}

/** What every rule for a cell gives. */
export type Value<T> = Read<T> | Blank | Unreadable

/** The findings of a cell with nothing wrong; one array for all, since there are millions. */
export const NO_FINDINGS: readonly Finding[] = Object.freeze([])
const BLANK: Blank = Object.freeze({ kind: 'blank', findings: NO_FINDINGS })

/** A cell that was read with nothing wrong, or with the given warnings. */
export function read<T>(value: T, findings: readonly Finding[] = NO_FINDINGS): Read<T> {
  return { kind: 'value', value, findings }
}

/** A cell that cannot be read, with what is wrong and what to do. */
export function unreadable(code: string, message: string): Unreadable {
  return { kind: 'unreadable', findings: [{ code, message }] }
}
