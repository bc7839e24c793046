import type { RunView } from '../../../worker/src/api/views.ts'
import { count } from '../format.ts'
import { statusWord } from '../words.ts'

/** The progress of a run. A screen reader announces a new step, but not the numbers. */
export function Progress({ run }: { run: Pick<RunView, 'status' | 'counts' | 'trigger' | 'progress' | 'undoneBy'> }) {
  const { done, total } = run.progress
  const { text } = statusWord(run)
  return (
    <div class="progress">
      <p>
        <strong role="status">{text}…</strong>
        <span class="muted numbers">
          {total > 0 ? `${count(done)} of ${count(total)}` : done > 0 ? count(done) : ''}
        </span>
      </p>
      <div class="progress-bar">
        {total > 0 ? (
          <progress aria-label={text} value={Math.min(done, total)} max={total} />
        ) : (
          <progress aria-label={text} />
        )}
      </div>
    </div>
  )
}
