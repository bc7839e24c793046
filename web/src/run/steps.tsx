import type { RunView } from '../../../worker/src/api/views/run.ts'
import { bytes, countOf } from '../format.ts'
import { Icon } from '../parts/icon.tsx'
import { amountWords, Bar, Pace } from '../parts/progress.tsx'

interface Step {
  status: RunView['status']
  name: string
  /** What the step did, once it is over. */
  did: (run: RunView) => string
}

const FETCH: Step = { status: 'fetching', name: 'Fetch', did: ({ file }) => (file === null ? '' : bytes(file.bytes)) }
const COMPARE: Step = {
  status: 'planning',
  name: 'Compare',
  did: ({ counts }) => (counts.rows === 0 ? '' : countOf(counts.rows, 'row')),
}
const APPLY: Step = { status: 'applying', name: 'Apply', did: () => '' }

/** Returns the steps of a run. An undo has no file, and a preview changes nothing. */
function stepsOf({ trigger, mode }: RunView): Step[] {
  return [...(trigger === 'undo' ? [] : [FETCH]), COMPARE, ...(mode === 'preview' ? [] : [APPLY])]
}

/** The steps of a run that is active: which are done, how far the current one is, and which follow. */
export function Steps({ run }: { run: RunView }) {
  const steps = stepsOf(run)
  const { step: _, ...progress } = run.progress
  const current = steps.findIndex(({ status }) => status === run.status)
  return (
    <ol class="run-steps">
      {steps.map((step, at) => {
        const state = at < current ? 'over' : at === current ? 'now' : 'next'
        return (
          <li key={step.name} class={state} aria-current={state === 'now' ? 'step' : undefined}>
            <p>
              <strong>
                {state === 'over' ? <Icon name="check" /> : null}
                {step.name}
                <span class="hidden">{state === 'over' ? ', done' : state === 'next' ? ', follows' : ', now'}</span>
              </strong>
              <Amount words={state === 'over' ? step.did(run) : state === 'now' ? amountWords(progress) : ''} />
              {state === 'now' ? <Pace {...progress} /> : null}
            </p>
            {state === 'now' ? (
              <Bar label={step.name} done={progress.done} total={progress.total} />
            ) : (
              <div class="bar" />
            )}
          </li>
        )
      })}
    </ol>
  )
}

function Amount({ words }: { words: string }) {
  return words === '' ? null : <span class="muted numbers">{words}</span>
}
