import { useEffect, useRef, useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { putFile } from '../client.ts'
import { bytes } from '../format.ts'
import { useAction } from '../load.ts'
import { ProblemNotice } from '../parts/notice.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import type { SourceDraft } from '../source/draft.ts'
import { mappingProblem } from '../source/mapping.ts'
import { beginWith } from '../wizard/hand-over.ts'
import { hrefOfStep } from '../wizard/steps.ts'

interface CheckActionsProps {
  file: File
  /** The source whose settings the file is read by; null for a new file. */
  source: SourceView | null
  draft: SourceDraft
}

/** What can be done with a file that was checked. Only *Compare with the directory* sends it, and says so. */
export function CheckActions({ file, source, draft }: CheckActionsProps) {
  const may = useMay()
  if (source === null) return may.configure ? <NewSource file={file} draft={draft} /> : null
  if (!may.run) return null
  return <Compare file={file} source={source} />
}

function NewSource({ file, draft }: Omit<CheckActionsProps, 'source'>) {
  const { format, mapping, rows, smsStatus, connection } = draft
  if (mappingProblem(mapping, connection) !== null) return null
  const use = () => {
    beginWith(file, { format, mapping, rows, smsStatus })
    go(hrefOfStep('columns'))
  }
  return (
    <div class="actions">
      <button type="button" class="primary" onClick={use}>
        Use it for a source
      </button>
      <span class="muted">Takes the file and its columns along. Nothing is sent until you import it.</span>
    </div>
  )
}

function Compare({ file, source }: { file: File; source: SourceView }) {
  const [sent, setSent] = useState(0)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const compare = useAction(async () => {
    const given = { id: source.id, query: { name: file.name, mode: 'preview' } } as const
    const { runId } = await putFile('/api/sources/:id/file', given, file, setSent, stop.current.signal)
    go(hrefOf('/runs/:id', { id: runId }))
  })
  return (
    <div class="actions">
      <button type="button" class="primary" disabled={compare.busy} onClick={() => void compare.run()}>
        Compare with the directory
      </button>
      <span class="muted" role="status">
        {compare.busy
          ? `Sending ${bytes(Math.min(sent, file.size))} of ${bytes(file.size)}…`
          : 'Sends the file to Muster as a preview. Nothing is imported.'}
      </span>
      <ProblemNotice problem={compare.problem} />
    </div>
  )
}
