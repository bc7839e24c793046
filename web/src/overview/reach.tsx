import type { OverviewView } from '../../../worker/src/api/views/overview.ts'
import { count } from '../format.ts'
import { type Column, Table } from '../parts/table.tsx'
import { When } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'

type GroupLine = OverviewView['groups'][number]

/** The most groups that the overview shows. */
const MOST = 10

const COLUMNS: Column<GroupLine>[] = [
  { head: 'Group', cell: ({ id, name }) => <a href={hrefOf('/groups/:id', { id })}>{name}</a> },
  {
    head: 'By text',
    number: true,
    cell: ({ contacts, reach }) => (
      <span class="nowrap">
        {count(reach.sms)} <span class="muted">of {count(contacts)}</span>
      </span>
    ),
  },
  { head: 'By nothing', number: true, cell: (group) => <Nobody group={group} /> },
]

/** How many people of each group a message reaches, with links to those whom nothing reaches. */
export function Reach({ groups, countedAt }: Pick<OverviewView, 'groups' | 'countedAt'>) {
  if (groups.length === 0) return null
  return (
    <section class="block" aria-labelledby="reach">
      <div class="block-head">
        <h2 id="reach">Reach</h2>
        <a href="/groups">All groups</a>
      </div>
      <Table lines label="Reach" columns={COLUMNS} items={groups.slice(0, MOST)} keyOf={({ id }) => id} />
      {countedAt === null ? null : (
        <p class="muted small">
          Counted <When at={countedAt} />
        </p>
      )}
    </section>
  )
}

/** How many people of a group nothing reaches, with a link to them. */
export function Nobody({ group: { id, name, reach } }: { group: GroupLine }) {
  if (reach.nobody === 0) return <>0</>
  return (
    <a href={hrefOf('/contacts', { query: { group: id, reach: 'nobody' } })}>
      {count(reach.nobody)}
      <span class="hidden"> of {name}</span>
    </a>
  )
}
