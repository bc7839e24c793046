import type { RunView } from '../../../worker/src/api/views.ts'
import { addressOf } from '../client.ts'
import { useList } from '../load.ts'
import { List } from '../parts/list.tsx'
import { useMay } from '../session.ts'
import { ProblemTable } from './problem-table.tsx'

/** The problems of rows and cells that were not imported unchanged. The report has the original rows. */
export function Problems({ run }: { run: RunView }) {
  const { id } = run
  const may = useMay()
  const list = useList('/api/runs/:id/problems', { id })
  return (
    <List list={list} empty={<p class="muted">Every row could be imported as it stands.</p>}>
      {(problems) => (
        <>
          {may.run ? (
            <p class="downloads">
              <a class="button" href={addressOf('/api/runs/:id/report.xlsx', { id })} download>
                Report as .xlsx
              </a>
              <a class="button" href={addressOf('/api/runs/:id/report.csv', { id })} download>
                Report as .csv
              </a>
            </p>
          ) : null}
          <ProblemTable problems={problems} />
        </>
      )}
    </List>
  )
}
