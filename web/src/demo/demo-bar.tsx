import { useState } from 'preact/hooks'
import type { DemoView } from '../../../worker/src/api/views/settings.ts'
import { del, post } from '../client.ts'
import { useAction } from '../load.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { toast } from '../parts/toast.tsx'
import { useMay } from '../session.ts'
import { useDemo } from './demo.ts'

/** Shows which week the demo's files are of, with the way to the next week and out of the demo. Nothing without a demo. */
export function DemoBar() {
  const demo = useDemo()
  if (demo === null || demo.sources.length === 0) return null
  return <Bar demo={demo} />
}

function Bar({ demo }: { demo: DemoView }) {
  const may = useMay()
  const [removing, setRemoving] = useState(false)
  const at = demo.weeks.findIndex(({ week }) => week === demo.week)
  const now = demo.weeks[at]
  const next = demo.weeks[(at + 1) % demo.weeks.length]
  const step = useAction(async (week: DemoView['week'], title: string) => {
    await post('/api/demo', { body: { week } })
    toast(`The demo’s files are those of “${title}” now. Import a source to see them.`)
  })
  const remove = useAction(async () => {
    await del('/api/demo', {})
    setRemoving(false)
    toast('The demo is removed.')
  })
  return (
    <section class="demo" aria-label="Demo">
      <div>
        <p>
          <strong>
            Demo, {at + 1} of {demo.weeks.length}: {now?.title}
          </strong>
        </p>
        <p class="muted">
          {now?.text} These people are made up. {at === 0 ? 'Open a source and press Import now to begin.' : null}
          {demo.url === null ? null : (
            <>
              {' '}
              The files can be looked at and changed <a href={demo.url}>on the demo’s own page</a>.
            </>
          )}
        </p>
        <ProblemNotice problem={step.problem} />
      </div>
      {may.configure && next !== undefined ? (
        <div class="actions">
          <button type="button" disabled={step.busy} onClick={() => step.run(next.week, next.title)}>
            {next.week > demo.week ? 'Next week’s files' : 'Start again with week 1'}
          </button>
          <button type="button" class="link" onClick={() => setRemoving(true)}>
            Remove the demo…
          </button>
        </div>
      ) : null}
      {removing ? (
        <Dialog
          title="Remove the demo?"
          confirm={`Remove ${demo.sources.length} demo ${demo.sources.length === 1 ? 'source' : 'sources'}`}
          danger
          busy={remove.busy}
          problem={remove.problem}
          onConfirm={remove.run}
          onClose={() => setRemoving(false)}
        >
          <p>
            The demo’s sources go with their contacts, runs and e-mails. Your own sources stay. You can bring the demo
            back once there is no source.
          </p>
        </Dialog>
      ) : null}
    </section>
  )
}
