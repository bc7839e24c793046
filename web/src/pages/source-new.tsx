import { useEffect } from 'preact/hooks'
import { useFields } from '../field/definitions.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useMay } from '../session.ts'
import { stepNamed } from '../wizard/steps.ts'
import { Wizard } from '../wizard/wizard.tsx'

/** The page that adds a source. `step` is the one that the address names. */
export function SourceNew({ step }: { step: string | null }) {
  const may = useMay()
  const { reload } = useFields()
  // Somebody may have added a field since the pages were opened.
  useEffect(reload, [reload])
  const directory = useLoad('/api/settings', {})
  if (may.configure && directory.data !== null) return <Wizard directory={directory.data} step={stepNamed(step)} />
  return (
    <Page title="Add a source" up={{ href: '/sources', label: 'Sources' }}>
      {may.configure ? (
        <>
          <Waiting shown={directory.problem === null} />
          <ProblemNotice problem={directory.problem} />
        </>
      ) : (
        <Notice tone="quiet" title="Only an administrator sets up sources" />
      )}
    </Page>
  )
}
