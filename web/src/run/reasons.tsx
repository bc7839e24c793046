import type { RunView } from '../../../worker/src/api/views.ts'

/** The reasons why a run is held, each with a few of the contacts. */
export function Reasons({ hold }: Pick<RunView, 'hold'>) {
  return (
    <ul class="reasons">
      {hold?.reasons.map(({ limit, message, examples }) => (
        <li key={limit + message}>
          {message}
          {examples.length === 0 ? null : (
            <ul class="examples">
              {examples.map(({ id, name, before, after }) => (
                <li key={id}>
                  {name} <span class="muted">({id})</span>: {before ?? 'nothing'} → {after ?? 'nothing'}
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  )
}
