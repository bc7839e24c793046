import type { Columns } from './columns.ts'
import type { KnownContacts } from './known.ts'
import type { RowRule } from './mapping.ts'
import type { RowLengths } from './ragged.ts'
import { cellAt, textAt } from './row.ts'
import { ruleText } from './rule-text.ts'
import { type SmsValues, smsReader } from './sms.ts'
import { compared } from './values/compared.ts'
import { excelError } from './values/excel-error.ts'
import { readId } from './values/id.ts'
import { memoized } from './values/memoized.ts'
import { trimInvisible } from './values/text.ts'

/** A column by which rows are left out. */
export interface RuledColumn {
  index: number
  /** The rule in words. */
  rule: string
  judge(cell: string): Verdict
}

/** What a rule says of a cell. `error`: why the cell says nothing, so that its row is an error; null for a readable cell. */
interface Verdict {
  leavesOut: boolean
  error: string | null
}

const KEPT: Verdict = { leavesOut: false, error: null }
const LEFT_OUT: Verdict = { leavesOut: true, error: null }

/** Returns the column of a rule. Cells are compared as they are in the file (see `compared`). */
export function ruledColumn(rule: RowRule, index: number): RuledColumn {
  const named = new Set((rule.leaveOut ?? rule.keep).map(compared))
  const keeps = rule.keep !== undefined
  const judge = memoized((cell): Verdict => {
    if (named.has(compared(cell))) return keeps ? KEPT : LEFT_OUT
    const error = excelError(trimInvisible(cell))
    if (error !== null) return { leavesOut: false, error }
    return keeps ? LEFT_OUT : KEPT
  })
  return { index, rule: ruleText(rule), judge }
}

/** How many contacts a rule removes. */
export interface RuleRemovals {
  /** The rule in words. */
  rule: string
  count: number
}

/** What the rules of a file work with. `lengths`: null if the rows need not be as long as the header. */
interface RulesOf {
  columns: Columns
  known: KnownContacts
  lengths: RowLengths | null
  smsStatus: SmsValues
  ignoredRow: number | null
}

/**
 * Decides which rows of a file the source's rules leave out (design: Leaving rows out), and remembers for which known
 * contacts they did.
 */
export class RowRules {
  readonly #columns: Columns
  readonly #known: KnownContacts
  readonly #lengths: RowLengths | null
  readonly #ignoredRow: number | null
  readonly #readSms: ReturnType<typeof smsReader>
  /** By slot: the number of the rule that left out a row of the contact, from 1; 0 for none. Known contacts come first. */
  #byContact: Uint8Array | null

  /** `byContact`: what an earlier message remembered. */
  constructor({ columns, known, lengths, smsStatus, ignoredRow }: RulesOf, byContact: Uint8Array | null = null) {
    this.#byContact = byContact
    this.#columns = columns
    this.#known = known
    this.#lengths = lengths
    this.#ignoredRow = ignoredRow
    this.#readSms = memoized(smsReader(smsStatus))
  }

  /**
   * Returns whether a rule leaves out a row of the table. A row that may not be what it seems is never left out, so that it
   * protects its contact: the cells of a long row may be in the wrong columns, a short row may have been cut.
   */
  leaveOut(number: number, cells: readonly string[]): boolean {
    if (number === this.#ignoredRow || this.#lengths?.isTooLong(cells) === true) return false
    const { rows } = this.#columns
    const broken = rows.findIndex(
      ({ index, judge }) => this.#lengths?.lacks(cells, index) !== true && judge(cellAt(cells, index)).leavesOut,
    )
    if (broken === -1) return false
    this.#remember(cells, broken)
    return true
  }

  /** Returns whether a row opts its person out. */
  optsOut(cells: readonly string[]): boolean {
    const { smsStatus } = this.#columns
    return smsStatus !== -1 && this.#readSms(cellAt(cells, smsStatus)).means === 'opted_out'
  }

  /** Returns what another message needs to go on. */
  save(): Uint8Array | null {
    return this.#byContact
  }

  /** Returns the rule that left out a row of a known contact, in words; null if none did. */
  ruleOf(id: string): string | null {
    if (this.#byContact === null) return null
    const rule = this.#byContact[this.#known.find(id)] ?? 0
    return this.#columns.rows[rule - 1]?.rule ?? null
  }

  #remember(cells: readonly string[], rule: number): void {
    const id = readId(textAt(cells, this.#columns.id, this.#columns))
    const slot = id.kind === 'value' ? this.#known.find(id.value) : -1
    if (slot === -1 || this.#known.key(slot) <= 0) return
    this.#byContact ??= new Uint8Array(this.#known.size)
    const before = this.#byContact[slot] ?? 0
    // The first rule, so that the order of the rows does not matter.
    this.#byContact[slot] = before === 0 ? rule + 1 : Math.min(before, rule + 1)
  }
}
