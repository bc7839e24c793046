import { useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views.ts'
import { COUNT_OF } from '../../../worker/src/core/counts.ts'
import { PARTS, type Part } from '../../../worker/src/core/plan.ts'
import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'
import { useMay } from '../session.ts'
import { appliedWords, PART_BUTTONS, type Question, questionOf, waitingWords } from './decision-words.ts'
import { Reasons } from './reasons.tsx'
import { MOVE_ALL, Rekeys, rekeyDecision } from './rekeys.tsx'

/**
 * What a held run has applied, the reasons why the rest waits, and the buttons to approve or reject it. An approval names
 * the plan that was shown (invariant 6).
 */
export function Decide({ run }: { run: RunView }) {
  const may = useMay()
  const [asking, setAsking] = useState<Question | null>(null)
  const [choice, setChoice] = useState(MOVE_ALL)
  const decide = useAction(async () => {
    const { id, plan } = run
    const planHash = plan?.hash ?? ''
    if (asking === 'reject') await post('/api/runs/:id/reject', { id })
    else if (asking !== null) {
      const parts = asking === 'all' ? {} : { parts: [asking] }
      const decides = run.rekeyed !== null && (asking === 'all' || asking === 'remove')
      const rekey = decides ? { rekey: await rekeyDecision(run, choice) } : {}
      await post('/api/runs/:id/approve', { id, body: { planHash, ...parts, ...rekey } })
    }
    setAsking(null)
  })
  const waiting = waitingWords(run)
  const parts = partsOf(run)
  return (
    <Block title="Waiting for your decision">
      <p>
        {appliedWords(run)} {waiting === '' ? 'No change waits.' : `This waits: ${waiting}.`} Why it waits:
      </p>
      <Reasons hold={run.hold} />
      <Stale run={run} />
      {run.rekeyed === null ? null : <Rekeys run={run} choice={choice} onChange={setChoice} />}
      {may.run ? (
        <div class="actions">
          {run.plan?.stale == null ? (
            <>
              <button type="button" class="primary" onClick={() => setAsking('all')}>
                {parts.length > 0 ? 'Approve all…' : 'Approve…'}
              </button>
              {parts.map((part) => (
                <button type="button" key={part} onClick={() => setAsking(part)}>
                  {PART_BUTTONS[part]}
                </button>
              ))}
            </>
          ) : null}
          <button type="button" onClick={() => setAsking('reject')}>
            Reject…
          </button>
          <span class="muted">Look through the changes below first.</span>
        </div>
      ) : (
        <p class="muted">A manager or an administrator can decide.</p>
      )}
      {asking === null ? null : (
        <Dialog
          title={asking === 'reject' ? 'Reject these changes?' : 'Apply these changes?'}
          confirm={asking === 'reject' ? 'Reject' : 'Approve'}
          busy={decide.busy}
          problem={decide.problem}
          onConfirm={decide.run}
          onClose={() => setAsking(null)}
        >
          <p>{questionOf(asking, run, choice.which)}</p>
        </Dialog>
      )}
    </Block>
  )
}

/** Returns the parts that can be approved one by one; none if there is nothing to choose between. */
function partsOf({ hold, waiting }: RunView): Part[] {
  const stopped = (part: Part) => hold?.reasons.some(({ parts }) => parts.includes(part))
  const parts = PARTS.filter((part) => (waiting?.[COUNT_OF[part]] ?? 0) > 0 && stopped(part))
  return parts.length > 1 ? parts : []
}

const STALE_WORDS = {
  settings: 'The settings have',
  contacts: 'Contacts have',
  rules: 'The rules by which Muster reads files have',
}

/** Says that the plan can no longer be approved. */
function Stale({ run }: { run: RunView }) {
  const stale = run.plan?.stale ?? null
  if (stale === null) return null
  return (
    <Notice tone="wait" title={`${STALE_WORDS[stale.why]} changed since, so this can no longer be approved`}>
      <p>Press Import now on the page of the source to see what would change now, or reject this.</p>
    </Notice>
  )
}
