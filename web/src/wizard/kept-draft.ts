import { connectionSchema } from '../../../worker/src/connections/schema.ts'
import { withoutSecrets } from '../connections/complete.ts'
import type { SourceDraft } from '../source/draft.ts'

const KEY = 'new-source'

/**
 * Keeps the settings of a new source in this tab, so that a reload or another page loses nothing. Secrets are left out, and so
 * are the rows of a file: neither is part of what is written.
 */
export function keepDraft(draft: SourceDraft): void {
  try {
    const { connection, notify } = draft
    // Whoever has the address of a webhook can write to its channel, so it is a secret too.
    const open = { connection: withoutSecrets(connection), notify: { ...notify, webhooks: [] } }
    sessionStorage.setItem(KEY, JSON.stringify({ ...draft, ...open }))
  } catch {
    // A browser may refuse to store anything. Then a reload begins anew.
  }
}

/** Returns the settings that were kept over those of a new source; null if there are none. */
export function keptDraft(fresh: SourceDraft): SourceDraft | null {
  try {
    const text = sessionStorage.getItem(KEY)
    if (text === null) return null
    const kept = { ...fresh, ...(JSON.parse(text) as Partial<SourceDraft>) }
    // A version before may have known other kinds.
    return connectionSchema.options.some(({ shape }) => shape.kind.value === kept.connection.kind) ? kept : null
  } catch {
    return null
  }
}

/** Forgets the settings that were kept. */
export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(KEY)
  } catch {
    // Nothing was kept either.
  }
}
