import type { RunView } from '../../../worker/src/api/views.ts'
import { useList } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { Empty, List, useFilters } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { RunTable } from '../run/run-table.tsx'
import { useSourceNames } from '../source/names.ts'
import { STATUS_OPTIONS } from '../words.ts'

const BLANK = { source: '', status: '' }

/** All runs, newest first, with the filters in the address. */
export function Runs() {
  const [filters, change] = useFilters(BLANK)
  const names = useSourceNames()
  const status: RunView['status'] | '' = STATUS_OPTIONS.find(([value]) => value === filters.status)?.[0] ?? ''
  const query = { source: filters.source, status }
  const list = useList('/api/runs', { query })
  const filtered = Object.values(query).some((value) => value !== '')
  return (
    <Page title="Runs">
      <div class="filters">
        <SelectField
          path="source"
          label="Source"
          value={filters.source}
          options={[['', 'All sources'], ...names]}
          onChange={(source) => change({ source })}
        />
        <SelectField
          path="status"
          label="State"
          value={status}
          options={[['', 'All states'], ...STATUS_OPTIONS]}
          onChange={(next) => change({ status: next })}
        />
      </div>
      <List
        list={list}
        noun={['run', 'runs']}
        empty={
          filtered ? (
            <Empty
              icon="filter"
              title="No run fits these filters"
              action={
                <button type="button" onClick={() => change(BLANK)}>
                  Show all runs
                </button>
              }
            />
          ) : (
            <Empty
              icon="history"
              title="No run yet"
              action={
                <a class="button" href="/sources">
                  Go to the sources
                </a>
              }
            >
              Each import, preview and undo is listed here.
            </Empty>
          )
        }
      >
        {(runs) => <RunTable runs={runs} sourceNames={names} />}
      </List>
    </Page>
  )
}
