/** `error`: the row is left out. `warning`: the row is imported without the value. */
export type Severity = 'error' | 'warning'

/** Why a row, or one cell of it, was not imported as it stands. `column` is the header as the file spells it. */
export interface Problem {
  row: number
  id: string | null
  name: string | null
  column: string | null
  severity: Severity
  /** Stable, snake_case: what an integrator may branch on. */
  code: string
  /** One sentence for the administrator: what is wrong and what to do. */
  message: string
  /** The cell as it came, cut to 200 characters. */
  value: string | null
}
