import { useEffect } from 'preact/hooks'
import { useFields } from '../field/definitions.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { SourceForm } from '../source/form.tsx'

/** The page that adds or edits a source (`id` null: a new one). */
export function SourceEdit({ id }: { id: string | null }) {
  const may = useMay()
  const { data: source, problem } = useLoad('/api/sources/:id', id === null ? null : { id })
  const { reload } = useFields()
  // Somebody may have added a field since the pages were opened.
  useEffect(reload, [reload])
  const directory = useLoad('/api/settings', {})
  const failed = problem ?? directory.problem
  if (directory.data === null || (id !== null && source === null)) {
    return failed === null ? <Waiting /> : <ProblemNotice problem={failed} />
  }
  const up =
    source === null
      ? { href: '/sources', label: 'Sources' }
      : { href: hrefOf('/sources/:id', { id: source.id }), label: source.name }
  return (
    <Page title={source === null ? 'Add a source' : 'Import settings'} up={up}>
      {may.configure ? (
        <SourceForm saved={source} directory={directory.data} />
      ) : (
        <Notice tone="quiet" title="Only an administrator sets up sources" />
      )}
    </Page>
  )
}
