import type { ComponentChildren } from 'preact'
import type { Listed } from '../load.ts'
import { ProblemNotice } from './notice.tsx'

interface ListProps<T> {
  list: Listed<T>
  /** Shown if the list is empty. */
  empty: ComponentChildren
  children: (items: T[]) => ComponentChildren
}

/** The items read so far, with a button for the next page. */
export function List<T>({ list, empty, children }: ListProps<T>) {
  return (
    <div aria-busy={list.loading}>
      <ProblemNotice problem={list.problem} />
      {list.items === null ? <Waiting shown={list.problem === null} /> : null}
      {list.items === null ? null : list.items.length === 0 ? empty : children(list.items)}
      {list.more === null ? null : (
        <p class="center">
          <button type="button" onClick={list.more} disabled={list.loading}>
            Show more
          </button>
        </p>
      )}
    </div>
  )
}

/** Shows that data is loading. Waits a moment first, so that a quick answer shows no flicker. */
export function Waiting({ shown = true }: { shown?: boolean }) {
  return shown ? <p class="waiting muted">Loading…</p> : null
}
