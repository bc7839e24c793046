import { post } from '../client.ts'
import { useAction } from '../load.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { useMay } from '../session.ts'
import { useDemo } from './demo.ts'

/** Offers the demo to an administrator who has no source yet. Nothing where there is no demo. */
export function DemoOffer() {
  const may = useMay()
  const demo = useDemo()
  const make = useAction(() => post('/api/demo', { body: {} }))
  if (demo === null || demo.sources.length > 0 || !may.configure) return null
  return (
    <section class="block">
      <h2>
        <Icon name="play" /> Look at the demo
      </h2>
      <p class="muted">
        Six sources with made-up people, on servers of this computer: three weeks of files to import, a mistake among
        them. One click removes it all again.
      </p>
      <ProblemNotice problem={make.problem} />
      <p>
        <button type="button" disabled={make.busy} onClick={make.run}>
          {make.busy ? 'Making the demo…' : 'Make the demo'}
        </button>
      </p>
    </section>
  )
}
