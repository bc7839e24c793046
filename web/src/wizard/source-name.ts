import { givesRecords } from '../../../worker/src/connections/facts.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { choiceOf } from '../connections/index.tsx'

/**
 * Returns a name for a source from the name of its file: `student_list-2026.xlsx` gives `Student list 2026`. A service is named
 * after its kind.
 */
export function sourceName(connection: ConnectionDraft, file: string | undefined): string {
  const words = (file ?? '')
    .replace(/(?:\.[a-z0-9]{1,5})+$/i, '')
    .replace(/[_\-+.\s*]+/g, ' ')
    .trim()
  const kind = givesRecords(connection) ? choiceOf(connection)?.short : undefined
  const name = kind ?? (words === '' ? 'Contacts' : words)
  return name.charAt(0).toUpperCase() + name.slice(1, 200)
}
