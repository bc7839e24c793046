import { useState } from 'preact/hooks'
import type { CauseView, RunView } from '../../../worker/src/api/views/run.ts'
import { causeWords } from '../../../worker/src/core/cause-words.ts'
import { addressOf } from '../client.ts'
import { count, countOf } from '../format.ts'
import { useList } from '../load.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, List } from '../parts/list.tsx'
import { State } from '../parts/state.tsx'
import { useMay } from '../session.ts'
import { keeperSentence } from './keeper-sentence.ts'
import { ProblemTable } from './problem-table.tsx'

/** The problems of rows and cells that were not imported unchanged, by their causes: those with new rows first. */
export function Problems({ run }: { run: RunView }) {
  const { id } = run
  const may = useMay()
  const list = useList('/api/runs/:id/problems/causes', { id, query: { limit: 100 } })
  return (
    <List list={list} empty={<Empty icon="check" title="Every row could be imported as it is" />}>
      {(causes) => (
        <>
          <p>{rowsInWords(run)}</p>
          {may.run ? (
            <p class="downloads">
              <a class="button" href={addressOf('/api/runs/:id/report.xlsx', { id })} download>
                <Icon name="download" />
                Report as .xlsx
              </a>
              <a class="button" href={addressOf('/api/runs/:id/report.csv', { id })} download>
                <Icon name="download" />
                Report as .csv
              </a>
            </p>
          ) : null}
          <ul class="causes">
            {causes.toSorted(byNew).map((cause) => (
              <Cause key={`${cause.severity} ${cause.code} ${cause.column}`} run={run} cause={cause} />
            ))}
          </ul>
        </>
      )}
    </List>
  )
}

/** `11 rows were left out. 3 rows have warnings.` */
function rowsInWords({ counts: { errors, warnings } }: RunView): string {
  const left = errors === 0 ? [] : [`${countOf(errors, 'row')} ${errors === 1 ? 'was' : 'were'} left out.`]
  const warned = warnings === 0 ? [] : [`${countOf(warnings, 'row')} ${warnings === 1 ? 'has' : 'have'} warnings.`]
  return [...left, ...warned].join(' ')
}

/** Those with rows that the import before did not have come first; the API has put errors first and the most frequent. */
function byNew(one: CauseView, other: CauseView): number {
  return Math.sign(other.newRows) - Math.sign(one.newRows)
}

function Cause({ run, cause }: { run: RunView; cause: CauseView }) {
  const { code, column, severity, rows, newRows, message } = cause
  const [open, setOpen] = useState(false)
  return (
    <li class="cause">
      <div class="cause-head">
        <h3>{causeWords(code, rows)}</h3>
        <State kind={severity === 'error' ? 'bad' : 'warning'}>{severity === 'error' ? 'Left out' : 'Warning'}</State>
        {column === null ? null : <span class="muted">Column “{column}”</span>}
        {newRows === 0 ? <span class="muted">Known since an earlier import</span> : null}
        {newRows > 0 && newRows < rows ? <span class="muted">{count(newRows)} of them new</span> : null}
      </div>
      <p>{message}</p>
      <div class="actions">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'expand' : 'next'} />
          {rows === 1 ? 'The row' : `The ${count(rows)} rows`}
        </button>
        <CopyButton text={keeperSentence(cause, run.file?.name ?? null)} label="Copy for the keeper of the file" />
      </div>
      {open ? <Rows run={run} cause={cause} /> : null}
    </li>
  )
}

function Rows({ run: { id }, cause: { code, column, severity } }: { run: RunView; cause: CauseView }) {
  const query = { code, severity, column: column ?? '' }
  const list = useList('/api/runs/:id/problems', { id, query })
  return (
    <List list={list} empty={<p class="muted">These rows are no longer kept.</p>}>
      {(problems) => <ProblemTable problems={problems} />}
    </List>
  )
}
