import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import type { Listed } from '../load.ts'
import { Empty, List } from '../parts/list.tsx'
import { hrefOf } from '../router.ts'
import { RunTable } from '../run/run-table.tsx'

/** The last runs of a source, newest first. */
export function RunsTab({ source, list }: { source: SourceView; list: Listed<RunView> }) {
  return (
    <>
      <List
        list={{ ...list, more: null }}
        empty={
          <Empty icon="history" title="No run yet">
            {isUploaded(source.connection)
              ? 'Each import is listed here, once the file has been uploaded.'
              : 'Each import is listed here. A preview shows what an import would change, and changes nothing.'}
          </Empty>
        }
      >
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
