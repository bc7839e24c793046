import { useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { ActionBar } from '../parts/action-bar.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Menu } from '../parts/menu.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { type Asked, questionsOf } from './decision-words.ts'
import { Reasons } from './reasons.tsx'
import { MOVE_ALL, Rekeys, rekeyDecision } from './rekeys.tsx'

interface DecideProps {
  run: RunView
  source: SourceView | null
  /** Shows the changes that wait. */
  onReview: () => void
}

/**
 * Why a held run waits, and the buttons to approve or reject it. An approval names the plan that was shown
 * (invariant 6).
 */
export function Decide({ run, source, onReview }: DecideProps) {
  const may = useMay()
  const [asking, setAsking] = useState<Asked | null>(null)
  const [choice, setChoice] = useState(MOVE_ALL)
  const decide = useAction(async ({ question }: Asked) => {
    const { id, plan } = run
    if (question === 'reject') await post('/api/runs/:id/reject', { id })
    else {
      const parts = question === 'all' ? {} : { parts: [question] }
      const decides = run.rekeyed !== null && (question === 'all' || question === 'remove')
      const rekey = decides ? { rekey: await rekeyDecision(run, choice) } : {}
      await post('/api/runs/:id/approve', { id, body: { planHash: plan?.hash ?? '', ...parts, ...rekey } })
    }
    setAsking(null)
  })
  const { all, reject, parts } = questionsOf(run, choice.which)
  const isStale = run.plan?.stale != null
  return (
    <>
      <section class="decision" aria-labelledby="why-it-waits">
        <h2 id="why-it-waits">Why it waits</h2>
        <Reasons hold={run.hold} waiting={run.waiting} limits={source?.limits} />
        {run.rekeyed === null ? null : <Rekeys run={run} choice={choice} onChange={setChoice} />}
        <Stale run={run} />
        {may.run ? null : <p class="muted">A manager or an administrator can decide.</p>}
      </section>
      <ActionBar>
        {may.run ? (
          <>
            {isStale ? (
              <PlanAgain run={run} />
            ) : (
              <button type="button" class={all.danger ? 'danger' : 'primary'} onClick={() => setAsking(all)}>
                {all.button}
              </button>
            )}
            <button type="button" onClick={() => setAsking(reject)}>
              {reject.button}
            </button>
          </>
        ) : null}
        <button type="button" onClick={onReview}>
          Review all
        </button>
        {isStale || !may.run || parts.length === 0 ? null : (
          <Menu label="Only a part">
            {parts.map((part) => (
              <button type="button" key={part.question} onClick={() => setAsking(part)}>
                {part.button}
              </button>
            ))}
          </Menu>
        )}
      </ActionBar>
      {asking === null ? null : (
        <Dialog
          title={asking.title}
          confirm={asking.button}
          danger={asking.danger}
          busy={decide.busy}
          problem={decide.problem}
          onConfirm={() => decide.run(asking)}
          onClose={() => setAsking(null)}
        >
          <p>{asking.text}</p>
        </Dialog>
      )}
    </>
  )
}

const STALE_WORDS = {
  settings: 'The settings have changed since',
  contacts: 'Contacts have changed since',
  rules: 'The rules by which Muster reads files have changed since',
}

/** Says above the buttons that the plan can no longer be approved. */
function Stale({ run }: { run: RunView }) {
  const stale = run.plan?.stale ?? null
  if (stale === null) return null
  return (
    <Notice tone="wait" title={`${STALE_WORDS[stale.why]}, so this plan can no longer be approved`}>
      <p>Plan again to see what the import would change now.</p>
    </Notice>
  )
}

/** Plans the same file again, and opens the new run, which takes the place of the stale one. */
function PlanAgain({ run }: { run: RunView }) {
  const start = useAction(async () => {
    const { id } = await post('/api/sources/:id/runs', { id: run.sourceId, body: { mode: 'apply', snapshot: run.id } })
    go(hrefOf('/runs/:id', { id }))
  })
  return (
    <>
      <ProblemNotice problem={start.problem} />
      <button type="button" class="primary" disabled={start.busy} onClick={start.run}>
        Plan again
      </button>
    </>
  )
}
