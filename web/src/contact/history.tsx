import type { HistoryEntry } from '../../../worker/src/api/views.ts'
import { dateTime } from '../format.ts'
import { attributeWord, byWord, OP_WORDS } from '../words.ts'

/** What happened to a contact, newest first as the API gives it. */
export function History({ entries }: { entries: readonly HistoryEntry[] }) {
  if (entries.length === 0) return <p class="muted">Nothing is recorded.</p>
  return (
    <ol class="plain history">
      {entries.map((entry) => (
        <li key={entry.at + entry.op + entry.runId}>
          <time dateTime={entry.at} class="muted">
            {dateTime(entry.at)}
          </time>
          <span>
            {OP_WORDS[entry.op]}
            {entry.by === null ? '' : ` by ${byWord(entry.by)}`}{' '}
            {entry.runId === null ? null : <a href={`/runs/${encodeURIComponent(entry.runId)}`}>by an import</a>}
            {entry.op === 'update' ? `: ${entry.changed.map(attributeWord).join(', ')}` : ''}
          </span>
        </li>
      ))}
    </ol>
  )
}
