import { useEffect, useRef, useState } from 'preact/hooks'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { post, putFile } from '../client.ts'
import { type Action, useAction } from '../load.ts'
import { go, hrefOf } from '../router.ts'
import type { SourceDraft } from '../source/draft.ts'
import { forgetDraft } from './kept-draft.ts'

interface Finish extends Action<['save' | 'import'], void> {
  /** How many bytes of the file were sent so far; null unless it is on its way. */
  sent: number | null
}

/**
 * Saves a new source and, if asked, imports it for the first time: its file is uploaded or fetched. A disabled source is only
 * previewed. Then the page of the run or the source opens. What was saved is not saved twice when the rest is tried again.
 */
export function useFinish(draft: SourceDraft, file: File | null): Finish {
  const saved = useRef<string | null>(null)
  const stop = useRef(new AbortController())
  const [sent, setSent] = useState<number | null>(null)
  useEffect(() => () => stop.current.abort(), [])
  const action = useAction(async (then: 'save' | 'import') => {
    saved.current ??= (await post('/api/sources', { body: draft })).id
    const id = saved.current
    forgetDraft()
    if (then === 'save') {
      go(hrefOf('/sources/:id', { id }))
      return
    }
    const mode = draft.enabled ? 'apply' : 'preview'
    if (!isUploaded(draft.connection)) {
      const run = await post('/api/sources/:id/runs', { id, body: { mode } })
      go(hrefOf('/runs/:id', { id: run.id }))
      return
    }
    if (file === null) throw new Error('There is no file to import')
    setSent(0)
    const given = { id, query: { name: file.name, mode } } as const
    try {
      const { runId } = await putFile('/api/sources/:id/file', given, file, setSent, stop.current.signal)
      go(hrefOf('/runs/:id', { id: runId }))
    } finally {
      setSent(null)
    }
  })
  return { ...action, sent }
}
