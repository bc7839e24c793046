import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { count } from '../format.ts'
import type { Listed } from '../load.ts'
import { setQuery } from '../router.ts'
import { Icon, type IconName } from './icon.tsx'
import { ProblemNotice } from './notice.tsx'

interface ListProps<T> {
  list: Listed<T>
  /** What one item and several are called, such as `['contact', 'contacts']`: the list is then headed by how many there are. */
  noun?: readonly [one: string, many: string]
  /** Shown if the list is empty. */
  empty: ComponentChildren
  children: (items: T[]) => ComponentChildren
}

/** The items read so far, with how many there are and a button for the next page. */
export function List<T>({ list, noun, empty, children }: ListProps<T>) {
  const { items, problem, loading, more, total } = list
  return (
    <div class="list" aria-busy={loading}>
      <ProblemNotice problem={problem} />
      {items === null ? <Waiting shown={problem === null} /> : null}
      {items === null || items.length === 0 || noun === undefined ? null : (
        <p class="list-count">{countWords(items.length, total, more !== null, noun)}</p>
      )}
      {items === null ? null : items.length === 0 ? empty : children(items)}
      {more === null ? null : (
        <p class="list-more">
          <button type="button" onClick={more} disabled={loading}>
            Show more
          </button>
        </p>
      )}
    </div>
  )
}

/** `1–50 of 10,000+ contacts`; without a total `50 contacts and more`. */
function countWords(
  shown: number,
  total: Listed<unknown>['total'],
  more: boolean,
  [one, many]: readonly [string, string],
) {
  const name = shown === 1 && !more ? one : many
  if (total === null) return `${count(shown)} ${name}${more ? ' and more' : ''}`
  const all = `${count(total.count)}${total.more ? '+' : ''} ${total.count === 1 ? one : many}`
  return more ? `1–${count(shown)} of ${all}` : all
}

/** Shows that data is loading, as grey lines in the place of the text. Waits a moment first, so that a quick answer shows no flicker. */
export function Waiting({ shown = true }: { shown?: boolean }) {
  if (!shown) return null
  return (
    <div class="skeleton">
      <span class="hidden" role="status">
        Loading…
      </span>
      {[1, 2, 3, 4, 5, 6].map((line) => (
        <span key={line} />
      ))}
    </div>
  )
}

interface EmptyProps {
  icon?: IconName
  title: string
  /** The next step, as a button or a link. */
  action?: ComponentChildren
  children?: ComponentChildren
}

/** What a list shows when it has nothing: why, and the next step. */
export function Empty({ icon, title, action, children }: EmptyProps) {
  return (
    <div class="empty">
      {icon === undefined ? null : <Icon name={icon} />}
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {action === undefined || action === null ? null : <div class="actions">{action}</div>}
    </div>
  )
}

/**
 * Returns the filters of a list as the address has them, and a function that changes some of them there too, so that Back,
 * a reload and a link keep them. `blank` names the filters, with the value of each that filters nothing.
 */
export function useFilters<F extends Record<string, string>>(blank: F): [F, (part: Partial<F>) => void] {
  // Only what was chosen: `blank` changes with the list, such as once nothing of a run waits any more.
  const [chosen, setChosen] = useState<Partial<F>>(() => {
    const query = new URLSearchParams(location.search)
    const named = Object.keys(blank).filter((name) => query.has(name))
    return Object.fromEntries(named.map((name) => [name, query.get(name)])) as Partial<F>
  })
  const filters = { ...blank, ...chosen }
  const change = (part: Partial<F>) => {
    const next = Object.entries({ ...filters, ...part })
    setChosen(Object.fromEntries(next.filter(([name, value]) => value !== blank[name])) as Partial<F>)
    setQuery(Object.fromEntries(next.map(([name, value]) => [name, value === blank[name] ? '' : value])))
  }
  return [filters, change]
}
