import { useState } from 'preact/hooks'
import { useList } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { List } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { setQuery } from '../router.ts'
import { RunTable } from '../run/run-table.tsx'
import { useSourceNames } from '../source/names.ts'

/** All runs, or the runs of one source, newest first. */
export function Runs({ source: given }: { source: string }) {
  const [source, setSource] = useState(given)
  const names = useSourceNames()
  const list = useList('/api/runs', { query: { source } })
  const choose = (id: string) => {
    setSource(id)
    setQuery({ source: id })
  }
  return (
    <Page title="Runs">
      <div class="filters">
        <SelectField
          path="source"
          label="Source"
          value={source}
          options={[['', 'All sources'], ...names]}
          onChange={choose}
        />
      </div>
      <List list={list} empty={<p class="muted">No run yet.</p>}>
        {(runs) => <RunTable runs={runs} sourceNames={names} />}
      </List>
    </Page>
  )
}
