import type { RunView } from '../../../worker/src/api/views/run.ts'
import { csvRow } from '../../../worker/src/formats/csv-write.ts'
import { type Given, getAll } from '../client.ts'
import { useFields } from '../field/definitions.ts'
import { useAction } from '../load.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { differences } from './differences.ts'

interface DownloadProps {
  run: RunView
  /** The filters of the list that is shown. */
  query: NonNullable<Given<'get', '/api/runs/:id/changes'>['query']>
}

/** A button that saves the changes which are shown, all of them, as a file: a row for each value that changes. */
export function DownloadChanges({ run: { id }, query }: DownloadProps) {
  const { fields } = useFields()
  const download = useAction(async () => {
    const changes = await getAll('/api/runs/:id/changes', { id, query })
    const rows = changes.flatMap((change) => {
      const { op, fromId, name } = change
      const head = [op, change.id, fromId, name]
      const all = differences(change, fields)
      if (all.length === 0) return [[...head, null, null, null]]
      return all.map(({ label, before, after }) => [...head, label, before.join('; '), after.join('; ')])
    })
    const text = [HEAD, ...rows].map(csvRow).join('')
    // Excel takes a file without this mark for one of another encoding.
    save(new Blob(['\ufeff', text], { type: 'text/csv' }), `changes-${id}.csv`)
  })
  return (
    <>
      <button type="button" onClick={download.run} disabled={download.busy}>
        <Icon name="download" />
        {download.busy ? 'Reading all changes…' : 'Download as .csv'}
      </button>
      <ProblemNotice problem={download.problem} />
    </>
  )
}

const HEAD = ['Change', 'ID', 'ID before', 'Name', 'Attribute', 'Before', 'After']

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
