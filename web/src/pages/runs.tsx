import type { RunView } from '../../../worker/src/api/views/run.ts'
import { useList, useRefresh } from '../load.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { FilterFold } from '../parts/filter-fold.tsx'
import { Empty, List, useFilters } from '../parts/list.tsx'
import { Page } from '../parts/page.tsx'
import { RunTable } from '../run/run-table.tsx'
import { useSourceNames } from '../source/names.ts'
import { isActive, STATUS_OPTIONS, TRIGGER_OPTIONS } from '../words.ts'

const BLANK = { source: '', status: '', trigger: '', from: '', to: '' }

/** All runs, newest first, with the filters in the address. */
export function Runs() {
  const [filters, change] = useFilters(BLANK)
  const names = useSourceNames()
  const status: RunView['status'] | '' = STATUS_OPTIONS.find(([value]) => value === filters.status)?.[0] ?? ''
  const trigger: RunView['trigger'] | '' = TRIGGER_OPTIONS.find(([value]) => value === filters.trigger)?.[0] ?? ''
  const { source, from, to } = filters
  const query = { source, status, trigger, from: startOf(from, 0), to: startOf(to, 1) }
  const list = useList('/api/runs', { query })
  useRefresh(list, list.items?.some((run) => isActive(run.status)) === true ? 1500 : null)
  const filtered = Object.values(query).some((value) => value !== '')
  return (
    <Page title="Runs">
      <FilterFold set={Object.values(filters).filter((value) => value !== '').length}>
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
          <SelectField
            path="trigger"
            label="Started"
            value={trigger}
            options={[['', 'In any way'], ...TRIGGER_OPTIONS]}
            onChange={(next) => change({ trigger: next })}
          />
          <TextField path="from" label="From" type="date" value={from} onChange={(day) => change({ from: day })} />
          <TextField path="to" label="To" type="date" value={to} onChange={(day) => change({ to: day })} />
        </div>
      </FilterFold>
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

/** Returns the first instant of a day of the viewer’s zone, such as `2026-11-27`, or of one `later`; blank if none is chosen. */
function startOf(day: string, later: number): string {
  const at = new Date(`${day}T00:00`)
  at.setDate(at.getDate() + later)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
