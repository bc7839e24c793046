import { useState } from 'preact/hooks'
import type { Page } from '../../../worker/src/api/views/answer.ts'
import type { HistoryEntry } from '../../../worker/src/api/views/contact.ts'
import type { ChangeView } from '../../../worker/src/api/views/run.ts'
import { getPage } from '../client.ts'
import { dateTime } from '../format.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { ApiProblem } from '../problem.ts'
import { hrefOf } from '../router.ts'
import { Differences } from '../run/change-item.tsx'
import { contactStays } from '../run/differences.ts'
import { attributeWord, byWord, OP_WORDS, SMS_WORDS } from '../words.ts'

/** The history of the contact with this ID, newest first as the API returns it. */
export function History({ id, entries }: { id: string; entries: readonly HistoryEntry[] }) {
  if (entries.length === 0) return <p class="muted">Nothing is recorded.</p>
  return (
    <ol class="plain history">
      {entries.map((entry) => (
        <li key={entry.at + entry.op + entry.runId}>
          <time dateTime={entry.at} class="muted">
            {dateTime(entry.at)}
          </time>
          <div>
            {OP_WORDS[entry.op]}
            {entry.smsStatus === null ? '' : `: ${SMS_WORDS[entry.smsStatus]}`}
            {entry.by === null ? '' : ` by ${byWord(entry.by)}`}{' '}
            {entry.runId === null ? null : (
              <a href={hrefOf('/runs/:id', { id: entry.runId })}>{entry.undo ? 'by an undo' : 'by an import'}</a>
            )}
            {entry.fromId === null ? '' : ` in place of ${entry.fromId}`}
            {entry.op === 'update' ? `: ${entry.changed.map(attributeWord).join(', ')}` : ''}
            <Values id={id} entry={entry} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** The values that an update changed. A manual edit carries them; those of an import are looked up in its plan. */
function Values({ id, entry }: { id: string; entry: HistoryEntry }) {
  const { op, runId, before, after, changed } = entry
  if (!contactStays(op)) return null
  if (before !== null && after !== null) return <Differences change={{ op, before, after, changed }} />
  return runId === null ? null : <ImportedValues id={id} run={runId} />
}

function ImportedValues({ id, run }: { id: string; run: string }) {
  const [change, setChange] = useState<ChangeView | null>(null)
  const look = useAction(async () => setChange(await changeOf(run, id)))
  if (change !== null) return <Differences change={change} />
  return (
    <>
      {' '}
      <button type="button" class="link" disabled={look.busy} onClick={look.run}>
        Show the values
      </button>
      <ProblemNotice problem={look.problem} />
    </>
  )
}

/** Finds a contact's change in a run, even if it is far back in a long plan. */
async function changeOf(run: string, id: string): Promise<ChangeView> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page<ChangeView> = await getPage('/api/runs/:id/changes', { id: run, query: { id } }, cursor)
    const [change] = page.items
    if (change !== undefined) return change
    cursor = page.next
  }
  throw new ApiProblem(0, 'not_found', 'This change is not in the run.', [], null)
}
