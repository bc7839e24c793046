import type { SourceDraft } from '../source/draft.ts'

/** What the wizard begins with when it is opened from another page: a file, and how its columns were mapped there. */
export interface Beginning {
  file: File
  settings: Partial<SourceDraft>
}

let pending: Beginning | null = null

/** Leaves a file for the wizard, which the caller opens next. A file cannot be part of an address. */
export function beginWith(file: File, settings: Partial<SourceDraft> = {}): void {
  pending = { file, settings }
}

/** Returns the file that another page handed over, and forgets it; null without a file. */
export function takeBeginning(): Beginning | null {
  const taken = pending
  pending = null
  return taken
}
