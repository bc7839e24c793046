import type { RunView } from '../../../worker/src/api/views/run.ts'
import { count, countOf, dayAndTime } from '../format.ts'
import { Bars } from '../parts/chart.tsx'

/** The fewest runs that a chart shows anything by. */
const FEWEST = 2

/** How many contacts the last runs of a source found, and how many rows had errors, the oldest run first. */
export function RunCharts({ runs }: { runs: readonly RunView[] }) {
  const shown = runs.filter(({ trigger, mode, status }) => trigger !== 'undo' && mode === 'apply' && ENDED.has(status))
  if (shown.length < FEWEST) return null
  const inOrder = shown.toReversed()
  const of = (value: (run: RunView) => number) => inOrder.map((run) => (run.status === 'failed' ? null : value(run)))
  const table = (words: (run: RunView) => string) =>
    inOrder.map((run) => [dayAndTime(run.createdAt), run.status === 'failed' ? 'failed' : words(run)] as const)
  const last = shown.find(({ status }) => status !== 'failed')
  const errors = of(({ counts }) => counts.errors)
  const met = last?.figures.met ?? 0
  const found = `${last?.fetch === 'changes' ? 'changed ' : ''}${met === 1 ? 'contact' : 'contacts'} found`
  return (
    <div class="run-charts">
      <div>
        <p>
          <strong class="numbers">{count(met)}</strong>{' '}
          <span class="muted">
            {found}, last {countOf(shown.length, 'run')}
          </span>
        </p>
        <Bars
          label="Contacts found"
          values={of(({ figures }) => figures.met)}
          table={table(({ figures }) => countOf(figures.met, 'contact'))}
        />
      </div>
      <div>
        <p>
          <strong class="numbers">{count(last?.counts.errors ?? 0)}</strong> <span class="muted">rows with errors</span>
        </p>
        {errors.every((value) => value === 0) ? null : (
          <Bars label="Rows with errors" values={errors} table={table(({ counts }) => countOf(counts.errors, 'row'))} />
        )}
      </div>
    </div>
  )
}

const ENDED: ReadonlySet<RunView['status']> = new Set([
  'succeeded',
  'unchanged',
  'held',
  'rejected',
  'replaced',
  'failed',
])
