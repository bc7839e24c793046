import { Digest } from './digest.ts'

/** How the file of a source ended. It is kept for the comparison with the source's next file. */
export interface FileEnd {
  /** Whether the text ended in a line break; null for a workbook. */
  lineBreak: boolean | null
  /** The kinds of the lines below the last row of the table, as digests, because a line may name a person. */
  closing: string[]
  /** When the file was last changed, as its server said (ISO 8601). */
  modifiedAt: string | null
}

/** Why it is doubtful whether a file has all its rows (design: invariant 1), in words that follow a colon. */
export const DOUBTS = {
  lineBreakGone: 'it no longer ends in a line break',
  closingNew: 'it ends in lines that the file before did not have, such as an error message',
  closingGone: 'the lines that used to follow its last row are gone',
  older: 'it is older than the one before',
  unidentified: 'more than 10,000 of its rows have no ID that can be read',
} as const
export type Doubt = keyof typeof DOUBTS

/** The most kinds of lines that are kept, and how much of a line says what kind it is. */
const MOST_KINDS = 50
const KIND_LENGTH = 200
const KIND_WORDS = 2
/** The start of a kind that no export writes on purpose. */
const UNEXPECTED = '-'
const RAGGED = `${UNEXPECTED}ragged`
/** The start of a kind that no failed export writes. */
const HARMLESS = '+'
const PREFIX = { nobody: HARMLESS, note: '', text: UNEXPECTED }

/** What another message needs to go on watching. */
export interface SavedEnd {
  lastRow: number
  lineBreak: boolean
  closing: readonly string[]
}

/** Watches how a file ends, row by row. */
export class EndOfFile {
  /** The number of the last row of the table; 0 before the first row. */
  lastRow: number
  /** Whether the text ends in a line break. */
  lineBreak: boolean
  #closing: string[]

  constructor({ lastRow, lineBreak, closing }: SavedEnd = { lastRow: 0, lineBreak: true, closing: [] }) {
    this.lastRow = lastRow
    this.lineBreak = lineBreak
    this.#closing = [...closing]
  }

  /** Returns what another message needs to go on. */
  save(): SavedEnd {
    return { lastRow: this.lastRow, lineBreak: this.lineBreak, closing: this.#closing }
  }

  /** Takes a row of the table. `ragged`: it may be damaged, since it is shorter or longer than the header. */
  row(number: number, ragged: boolean): void {
    this.lastRow = number
    if (ragged) this.#add(RAGGED)
    else if (this.#closing.length > 0) this.#closing = []
  }

  /**
   * Takes a line that is no row of the table: a total or the like (`nobody`), a note, or text with separators in it.
   */
  line(cells: readonly string[], what: 'nobody' | 'note' | 'text'): void {
    this.#add(`${PREFIX[what]}${kindOf(cells)}`)
  }

  get closing(): string[] {
    return this.#closing
  }

  #add(kind: string): void {
    if (this.#closing.length < MOST_KINDS && !this.#closing.includes(kind)) this.#closing.push(kind)
  }
}

/** Returns why a file may lack rows, compared with how the source's file before ended. */
export function doubtsOf(end: FileEnd, before: FileEnd | null): Doubt[] {
  if (before === null) return []
  const doubts: Doubt[] = []
  if (before.lineBreak === true && end.lineBreak === false) doubts.push('lineBreakGone')
  if (end.lineBreak !== null && before.lineBreak !== null) {
    if (end.closing.some((kind) => !kind.startsWith(HARMLESS) && !before.closing.includes(kind)))
      doubts.push('closingNew')
    else if (end.closing.length === 0 && before.closing.some((kind) => !kind.startsWith(UNEXPECTED)))
      doubts.push('closingGone')
  } else if (end.closing.includes(RAGGED) && !before.closing.includes(RAGGED)) doubts.push('closingNew')
  if (isOlder(end.modifiedAt, before.modifiedAt)) doubts.push('older')
  return doubts
}

function isOlder(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && Date.parse(one) < Date.parse(other)
}

/** Returns the kind of a line: its first words without figures, so that a date or a count makes no other kind. */
function kindOf(cells: readonly string[]): string {
  const text = cells.join(' ').slice(0, KIND_LENGTH).toLowerCase().replace(/\d+/g, '#').trim()
  const { high, low } = new Digest().reset(0).add(text.split(/\s+/).slice(0, KIND_WORDS).join(' '))
  return `${(high >>> 0).toString(36)}.${(low >>> 0).toString(36)}`
}
