import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import type { Listed } from '../load.ts'
import { List } from '../parts/list.tsx'
import { hrefOf } from '../router.ts'
import { RunTable } from '../run/run-table.tsx'

/** The last runs of a source, newest first. */
export function RunsTab({ source, list }: { source: SourceView; list: Listed<RunView> }) {
  return (
    <>
      <List list={{ ...list, more: null }} empty={<p class="muted">No run yet.</p>}>
        {(runs) => <RunTable runs={runs} />}
      </List>
      {list.more === null ? null : (
        <p class="center">
          <a href={hrefOf('/runs', { query: { source: source.id } })}>All runs of this source</a>
        </p>
      )}
    </>
  )
}
