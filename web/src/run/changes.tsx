import { useState } from 'preact/hooks'
import type { ChangeView, MeaningView, RunView } from '../../../worker/src/api/views/run.ts'
import { count, countOf } from '../format.ts'
import { useList, useRested } from '../load.ts'
import { Combobox } from '../parts/combobox.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { Empty, useFilters, Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { MoreWhenSeen, WindowedRows } from '../parts/windowed.tsx'
import { LEFT_WORDS, OP_WORDS, PLANNED_WORDS } from '../words.ts'
import { useAttributeWord } from './attribute-word.ts'
import { CHANGE_COLUMNS, ChangeRow } from './change-row.tsx'
import { DownloadChanges } from './download.tsx'

const KINDS = { add: 'Added', update: 'Changed', rekey: 'New IDs', remove: 'Removed' }
const OPS = ['', 'add', 'update', 'rekey', 'remove'] as const
const OP_OPTIONS = OPS.map((op) => [op, op === '' ? 'All kinds' : KINDS[op]] as const)
const PARTS = ['all', 'waiting', 'applied'] as const
type Part = (typeof PARTS)[number]

/** How many changes are read at a time. */
const PAGE = 200

/** How long typing must rest before the changes are searched, in milliseconds. */
const REST = 250

interface ChangesProps {
  run: RunView
  /** The numbers of the plan, by which the attributes and groups to choose from are known; null while they are read. */
  meaning: MeaningView | null
}

/** The applied, planned and waiting changes of a run: a line for each contact. */
export function Changes({ run, meaning }: ChangesProps) {
  // The person who decides must see the waiting changes first.
  const first = run.status === 'held' ? 'waiting' : 'all'
  const blank = { op: '', part: first, attribute: '', group: '', search: '' }
  const [filters, change] = useFilters(blank)
  const op = OPS.find((one) => one === filters.op) ?? ''
  const part = PARTS.find((one) => one === filters.part) ?? 'all'
  const search = useRested(filters.search, REST)
  const { attribute, group } = filters
  const query = { op, part: part === 'all' ? '' : part, attribute, group, search } as const
  const list = useList('/api/runs/:id/changes', { id: run.id, query: { ...query, limit: PAGE } })
  return (
    <>
      <div class="filters">
        <TextField
          path="search"
          label="Search"
          type="search"
          placeholder="Name, ID, number"
          value={filters.search}
          onChange={(text) => change({ search: text })}
        />
        {run.hold === null ? null : (
          <SelectField
            path="part"
            label="Part"
            value={part}
            options={PARTS.map((one) => [one, partWords(run, one)] as const)}
            onChange={(next) => change({ part: next })}
          />
        )}
        <SelectField path="op" label="Kind" value={op} options={OP_OPTIONS} onChange={(next) => change({ op: next })} />
        <AttributeFilter meaning={meaning} value={attribute} onChange={(next) => change({ attribute: next })} />
        <GroupFilter meaning={meaning} value={group} onChange={(next) => change({ group: next })} />
      </div>
      <ProblemNotice problem={list.problem} />
      {list.total === null ? null : (
        <div class="block-head">
          <p class="list-count">
            {list.total.more ? `${count(list.total.count)}+ changes` : countOf(list.total.count, 'change')}
          </p>
          <DownloadChanges run={run} query={query} />
        </div>
      )}
      {list.items === null ? (
        <Waiting shown={list.problem === null} />
      ) : list.items.length === 0 && list.more === null ? (
        <Empty
          icon="filter"
          title="No such changes"
          action={
            <button type="button" onClick={() => change({ ...blank, part: 'all' })}>
              Show all changes
            </button>
          }
        />
      ) : (
        <ChangeTable run={run} changes={list.items} part={part} />
      )}
      {list.more === null ? null : <MoreWhenSeen more={list.more} loading={list.loading} />}
    </>
  )
}

interface FilterProps extends Pick<ChangesProps, 'meaning'> {
  value: string
  onChange: (value: string) => void
}

function AttributeFilter({ meaning, value, onChange }: FilterProps) {
  const word = useAttributeWord()
  const found = meaning?.attributes ?? []
  if (found.length === 0 && value === '') return null
  const all = found.some(({ attribute }) => attribute === value) || value === '' ? [] : [[value, word(value)] as const]
  const options = found.map(({ attribute, filled, changed, blanked }) => {
    return [attribute, `${word(attribute)} (${count(filled + changed + blanked)})`] as const
  })
  return (
    <SelectField
      path="attribute"
      label="Attribute"
      value={value}
      options={[['', 'All attributes'], ...all, ...options]}
      onChange={onChange}
    />
  )
}

function GroupFilter({ meaning, value, onChange }: FilterProps) {
  const found = meaning?.groups ?? []
  if (found.length === 0 && value === '') return null
  // A group that the plan would make has no ID yet, and is sought by its name.
  const options = found.map(({ id, name, before, after }) => ({
    value: id ?? name,
    label: `${name} (${count(before)} → ${count(after)})`,
  }))
  return (
    <Combobox
      path="group"
      label="Group"
      value={value}
      options={[{ value: '', label: 'All groups' }, ...options]}
      onChange={onChange}
    />
  )
}

function ChangeTable({ run, changes, part }: { run: RunView; changes: ChangeView[]; part: Part }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const toggle = (key: string) => {
    setOpen((before) => {
      const next = new Set(before)
      if (!next.delete(key)) next.add(key)
      return next
    })
  }
  return (
    <table class="diff" aria-label="Changes">
      <thead>
        <tr>
          <th scope="col" class="sign">
            <span class="hidden">Kind</span>
          </th>
          <th scope="col" class="who">
            Contact
          </th>
          <th scope="col" class="id">
            ID
          </th>
          <th scope="col">What changes</th>
        </tr>
      </thead>
      <WindowedRows items={changes} columns={CHANGE_COLUMNS}>
        {(rows) =>
          rows.map((one) => {
            const key = `${one.op} ${one.id}`
            return (
              <ChangeRow
                key={key}
                change={one}
                word={wordOf(run, one)}
                note={part === 'all' ? noteOf(run, one) : null}
                open={open.has(key)}
                onToggle={() => toggle(key)}
              />
            )
          })
        }
      </WindowedRows>
    </table>
  )
}

function partWords({ status }: RunView, part: Part): string {
  if (part === 'all') return 'All changes'
  if (status === 'previewed') return part === 'waiting' ? 'Would wait' : 'Would not wait'
  if (status === 'held' && part === 'waiting') return 'Waiting'
  return part === 'waiting' ? 'Not made' : 'Made'
}

function wordOf({ status }: RunView, { op, waits }: ChangeView): string {
  if (status === 'previewed' || (status === 'held' && waits)) return PLANNED_WORDS[op]
  return (waits ? LEFT_WORDS : OP_WORDS)[op]
}

function noteOf({ status }: RunView, { waits }: ChangeView): string | null {
  if (!waits) return null
  return status === 'held' ? 'waits' : status === 'previewed' ? 'would wait' : 'not made'
}
