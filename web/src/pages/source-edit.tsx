import { useEffect } from 'preact/hooks'
import { useFields } from '../field/definitions.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { ScheduleForm, SettingsForm } from '../source/form.tsx'

/** The page that edits the settings of a source, or only its schedule. */
export function SourceEdit({ id, at }: { id: string; at: string | null }) {
  const may = useMay()
  const { data: source, problem } = useLoad('/api/sources/:id', { id })
  const { reload } = useFields()
  // Somebody may have added a field since the pages were opened.
  useEffect(reload, [reload])
  const directory = useLoad('/api/settings', {})
  const failed = problem ?? directory.problem
  if (directory.data === null || source === null) {
    return failed === null ? <Waiting /> : <ProblemNotice problem={failed} />
  }
  const href = hrefOf('/sources/:id', { id })
  const done = () => go(href)
  return (
    <Page title={at === 'schedule' ? 'Import schedule' : 'Import settings'} up={{ href, label: source.name }}>
      {!may.configure ? (
        <Notice tone="quiet" title="Only an administrator sets up sources" />
      ) : at === 'schedule' ? (
        <ScheduleForm source={source} timeZone={directory.data.defaultTimeZone} onDone={done} />
      ) : (
        <SettingsForm source={source} onDone={done} />
      )}
    </Page>
  )
}
