import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { count, percent } from '../format.ts'

type Reason = NonNullable<RunView['hold']>['reasons'][number]
type Limits = SourceView['limits']

interface ReasonsProps extends Pick<RunView, 'hold' | 'waiting'> {
  /** The limits of the source, to say how far over one the plan is. */
  limits?: Limits | undefined
}

/** The reasons why a run is held, each with a few of the contacts. */
export function Reasons({ hold, waiting, limits }: ReasonsProps) {
  return (
    <ul class="reasons plain">
      {hold?.reasons.map((reason) => (
        <li key={reason.limit + reason.message}>
          <p>
            {reason.message} <span class="muted small">{shareOf(reason, limits)}</span>
          </p>
          {/* A limit counts earlier removals too, which the examples are not of. */}
          <Examples {...reason} count={reason.limit === 'removed' ? (waiting?.removed ?? 0) : reason.count} />
        </li>
      ))}
    </ul>
  )
}

/** `11 %; you are asked above 10 %`: only where the share is what puts the plan over its limit. */
function shareOf({ limit, count: n, of }: Reason, limits: Limits | undefined): string {
  if (limits === undefined || of === 0 || !isLimit(limit, limits)) return ''
  const setting = limits[limit]
  const most = setting !== null && 'percent' in setting ? setting.percent : undefined
  if (most === undefined || n * 100 <= of * most || n > of) return ''
  return `(${percent(n / of)}; you are asked above ${percent(most / 100)})`
}

function isLimit(limit: string, limits: Limits): limit is keyof Limits {
  return limit in limits
}

function Examples({ examples, count: n }: Reason) {
  if (examples.length === 0) return null
  return (
    <ul class="examples">
      {examples.map(({ id, name, before, after }) => (
        <li key={id}>
          {name} <span class="muted">{id}</span>
          {before === null || after === null ? null : (
            <>
              {' '}
              {before} <span aria-hidden="true">→</span>
              <span class="hidden">becomes</span> {after}
            </>
          )}
        </li>
      ))}
      {n > examples.length ? <li class="muted">and {count(n - examples.length)} more</li> : null}
    </ul>
  )
}
