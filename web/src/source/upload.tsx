import { useEffect, useRef, useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { putFile } from '../client.ts'
import { bytes } from '../format.ts'
import { useAction } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { FileDrop } from '../parts/file-drop.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'
import { Bar } from '../parts/progress.tsx'
import { Ago } from '../parts/when.tsx'
import { go, hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

type Mode = 'apply' | 'preview'

/** Uploads a file to a source, and opens the page of its run. */
export function UploadBlock({ source }: { source: SourceView }) {
  const may = useMay()
  const [file, setFile] = useState<File | null>(null)
  const [sent, setSent] = useState(0)
  const stop = useRef(new AbortController())
  const uploading = useAction(async (chosen: File, mode: Mode) => {
    stop.current = new AbortController()
    setSent(0)
    const given = { id: source.id, query: { name: chosen.name, mode } }
    try {
      const { runId } = await putFile('/api/sources/:id/file', given, chosen, setSent, stop.current.signal)
      go(hrefOf('/runs/:id', { id: runId }))
    } catch (error) {
      if (!stop.current.signal.aborted) throw error
    }
  })
  useEffect(() => () => stop.current.abort(), [])
  if (!may.run) return null
  return (
    <Block title="Upload a file">
      {uploading.busy && file !== null ? (
        <Sending file={file} sent={sent} onCancel={() => stop.current.abort()} />
      ) : (
        <>
          <FileDrop
            path="file"
            label="The file with the contacts"
            file={file}
            hint="CSV or .xlsx. Limits, preview and undo are those of every import."
            onFile={setFile}
          />
          <ProblemNotice problem={uploading.problem} />
          <LastFile run={source.lastRun} />
          {file === null ? null : (
            <div class="chosen" role="status">
              <div class="actions">
                {source.enabled ? (
                  <button type="button" class="primary" onClick={() => uploading.run(file, 'apply')}>
                    Upload and import
                  </button>
                ) : null}
                <button type="button" onClick={() => uploading.run(file, 'preview')}>
                  Upload and preview
                </button>
              </div>
              {source.enabled ? null : <p class="muted">This source is disabled: a file can only be previewed.</p>}
            </div>
          )}
        </>
      )}
    </Block>
  )
}

function LastFile({ run }: { run: RunView | null }) {
  if (run === null || run.file === null) return null
  return (
    <p class="muted small">
      The last one: <span class="break">{run.file.name}</span>, <Ago at={run.createdAt} />
    </p>
  )
}

function Sending({ file, sent, onCancel }: { file: File; sent: number; onCancel: () => void }) {
  const done = Math.min(sent, file.size)
  return (
    <>
      <div class="progress">
        <p>
          <strong role="status" class="break">
            Uploading {file.name}…
          </strong>
          <span class="muted numbers">
            {bytes(done)} of {bytes(file.size)}
          </span>
        </p>
        <Bar label="Uploaded" done={done} total={Math.max(file.size, 1)} />
      </div>
      <div class="actions">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </>
  )
}

/** How a program uploads the file of a source. */
export function UploadByProgram({ source }: { source: Pick<SourceView, 'id'> }) {
  const address = `${location.origin}/api/sources/${source.id}/file/`
  return (
    <Block title="Upload from a program">
      <p>
        The program that writes the file can send it at once. It needs a <a href="/settings/tokens">token</a> with the
        right to upload files, in place of TOKEN.
      </p>
      <CopyField
        path="curl"
        label="With curl"
        text={`curl -f -T contacts.csv -H "Authorization: Bearer TOKEN" ${address}`}
      />
    </Block>
  )
}
