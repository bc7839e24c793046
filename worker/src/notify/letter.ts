/** An e-mail before it is written as HTML or as plain text (`letter-html.ts`, `letter-text.ts`). All texts are plain. */
export interface Letter {
  /** Decides the colour of its head, and the word there. */
  tone: 'done' | 'problems' | 'waits' | 'late' | 'failed'
  /** What the e-mail is about, above the headline: the name of the source. */
  about: string
  /** The outcome, as in the subject. */
  headline: string
  blocks: Block[]
  button: Link
  /** What is attached; null for nothing. */
  attachment: string | null
  /** Why the reader gets the e-mail, and where that is changed. */
  footer: string
  settings: Link
}

interface Link {
  label: string
  url: string
}

export type Block =
  | { kind: 'sentences'; sentences: string[] }
  | { kind: 'reasons'; title: string; reasons: Reason[] }
  /** Groups of figures, apart from each other. */
  | { kind: 'figures'; groups: Figure[][] }
  | { kind: 'items'; items: string[] }
  | { kind: 'causes'; title: string; causes: ListedCause[]; more: string | null }

/** Why something waits, with contacts as examples. */
interface Reason {
  sentence: string
  examples: string[]
}

export interface Figure {
  label: string
  count: number
  /** What the figure is made of, in parentheses. */
  note?: string
}

/** Problems with one cause. */
export interface ListedCause {
  words: string
  /** Whether the rows were left out. */
  isError: boolean
  column: string | null
  /** The first problem of the cause in a sentence, with what to do about it. */
  message: string
  rows: string[]
  /** How many further rows have the problem. */
  more: number
}

const number = new Intl.NumberFormat('en')

/** Returns the blocks above the button and those below: what to do stands before the figures and the long lists. */
export function aroundButton(blocks: readonly Block[]): [above: Block[], below: Block[]] {
  const at = blocks.findIndex(({ kind }) => kind === 'figures' || kind === 'causes')
  return at === -1 ? [[...blocks], []] : [blocks.slice(0, at), blocks.slice(at)]
}

/** Returns a figure in words: `Removed: 1,013`. */
export function figureWords({ label, count, note }: Figure): [label: string, value: string, note: string] {
  return [label, number.format(count), note ?? '']
}

/** Returns how many rows are not listed, in words; null for none. */
export function moreWords(more: number): string | null {
  return more === 0 ? null : `and ${number.format(more)} more`
}
