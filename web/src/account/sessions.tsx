import type { OwnSessionView } from '../../../worker/src/api/views/person.ts'
import { del } from '../client.ts'
import { useAction, useList } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Ago, When } from '../parts/when.tsx'

/** The places where a person is signed in, each of which can be ended. */
export function Sessions() {
  const { items, problem } = useList('/api/account/sessions', {})
  const end = useAction((id: string | null) => del('/api/account/sessions', { query: id === null ? {} : { id } }))
  const columns: Column<OwnSessionView>[] = [
    {
      head: 'Browser',
      cell: ({ client, current }) => (
        <span class="stack">
          <span>{browserOf(client)}</span>
          {current ? <span class="muted small">This one</span> : null}
        </span>
      ),
    },
    { head: 'Signed in', cell: ({ createdAt }) => <When at={createdAt} /> },
    { head: 'Last active', cell: ({ seenAt }) => <Ago at={seenAt} /> },
    {
      head: '',
      cell: ({ id, current }) =>
        current ? null : (
          <button type="button" class="link" disabled={end.busy} onClick={() => end.run(id)}>
            Sign out
          </button>
        ),
    },
  ]
  if (items === null) return <ProblemNotice problem={problem} />
  return (
    <div class="block">
      <h2>Where you are signed in</h2>
      <ProblemNotice problem={end.problem} />
      <Table label="Where you are signed in" columns={columns} items={items} keyOf={({ id }) => id} />
      {items.length > 1 ? (
        <div class="actions">
          <button type="button" disabled={end.busy} onClick={() => end.run(null)}>
            Sign out everywhere else
          </button>
        </div>
      ) : null}
    </div>
  )
}

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const SYSTEMS = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'] as const

/** Returns the browser and its system in words, from the way it calls itself. */
function browserOf(client: string | null): string {
  const browser = BROWSERS.find(([name]) => client?.includes(name) === true)?.[1]
  const system = SYSTEMS.find((name) => client?.includes(name) === true)
  if (browser === undefined) return client?.slice(0, 40) ?? 'Unknown'
  return system === undefined ? browser : `${browser} on ${system}`
}
