/** What one nightly import of a source takes from the platform. */
export interface Taken {
  rowsRead: number
  rowsWritten: number
  /** Operations of R2 that change or list something (class A), and that read (class B). Deleting is free. */
  filesWritten: number
  filesRead: number
  messages: number
  mails: number
}

/** The share of contacts that change in an ordinary night. */
export const CHANGED = 0.01

/**
 * What a night of `contacts` contacts takes of which one in a hundred changed. The numbers are counted by
 * `worker/src/run/costs.worker.test.ts`, which fails if an import takes more, or much less.
 */
export function nightOf(contacts: number): Taken {
  const changed = Math.ceil(contacts * CHANGED)
  return {
    rowsRead: 60 + contacts * 1.2,
    rowsWritten: 40 + changed * 2,
    filesWritten: 12 + contacts / 100_000,
    filesRead: 20 + contacts / 20_000,
    messages: 4 + contacts / 500_000,
    mails: 1,
  }
}

/** What a tick of the cron takes when nothing is due. It lists the journals, and each tenth one old samples too. */
export const IDLE_TICK = { rowsRead: 40, rowsWritten: 1, filesWritten: 3 }

/** What the directory keeps of a contact, in bytes: its row with its indexes, search words and number. */
export const BYTES_OF_CONTACT = 400
/** What a night keeps in R2, in bytes a contact: the file and the fingerprints. It is kept for 30 days. */
export const BYTES_OF_NIGHT = 126 + 24
/** How long a contact of a nightly import takes the processor, in milliseconds (`docs/performance.md`, 1 % changed). */
export const CPU_OF_CONTACT = 0.008
