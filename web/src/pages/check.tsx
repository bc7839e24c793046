import { useEffect, useState } from 'preact/hooks'
import type { SettingsView } from '../../../worker/src/api/settings.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { CheckActions } from '../check/actions.tsx'
import { type Check, check } from '../check/read.ts'
import { CheckResult } from '../check/result.tsx'
import { useFields } from '../field/definitions.ts'
import { useAll, useLoad, useRested } from '../load.ts'
import { SelectField } from '../parts/field.tsx'
import { FileDrop } from '../parts/file-drop.tsx'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { newDraft } from '../source/draft.ts'
import { useEditing } from '../source/editing.ts'
import { LiveResult } from '../source/live-result.tsx'
import { mappingProblem } from '../source/mapping.ts'
import { MappingFields } from '../source/mapping-fields.tsx'

/** Checks a file before anybody imports it, in the browser: it never leaves the machine (design: the core is pure). */
export function CheckPage({ source }: { source: string }) {
  const sources = useAll('/api/sources', {})
  const directory = useLoad('/api/settings', {})
  const problem = sources.problem ?? directory.problem
  return (
    <Page title="Check a file">
      <ProblemNotice problem={problem} />
      {sources.data === null || directory.data === null ? (
        <Waiting shown={problem === null} />
      ) : (
        <CheckForm
          sources={sources.data.filter(({ connection }) => !givesRecords(connection))}
          chosen={source}
          directory={directory.data}
        />
      )}
    </Page>
  )
}

interface CheckFormProps {
  sources: readonly SourceView[]
  /** The ID of the source whose settings the page begins with; empty for none. */
  chosen: string
  directory: SettingsView
}

/** How long the settings must rest before the whole file is read again, in milliseconds. */
const REST = 600

function CheckForm({ sources, chosen, directory }: CheckFormProps) {
  const [id, setId] = useState(chosen)
  const source = sources.find((one) => one.id === id) ?? null
  const { draft, change, testing } = useEditing(() => newDraft(directory), { saved: null })
  const { fields } = useFields()
  const { file, test, busy } = testing
  const [found, setFound] = useState<Check | null>(null)
  const { format, mapping, rows, smsStatus } = source ?? draft
  const key = useRested(JSON.stringify({ format, mapping, rows, smsStatus, fields: [...fields.keys()] }), REST)
  // The file's own headers are matched first: until then nothing is wrong with it.
  const matching = source === null && (busy || test === null)
  const incomplete = source === null && mappingProblem(mapping, draft.connection) !== null
  useEffect(() => {
    if (file === null || matching) return
    if (incomplete) {
      setFound(null)
      return
    }
    const stop = new AbortController()
    const by = { format, mapping, rows, smsStatus, fields: [...fields.values()] }
    check(file, by, setFound, stop.signal).catch(() => undefined)
    return () => stop.abort()
  }, [file, id, key, matching, incomplete])
  return (
    <>
      <div class="block wizard-narrow">
        <p>
          See what an import would say of a file before anybody imports it. The file is read in this browser and{' '}
          <strong>stays on your computer</strong>; nothing is changed.
        </p>
        <FileDrop
          path="file"
          label="File"
          hint=".xlsx, .csv or JSON, with any headers. Compressed files can be read too."
          file={file}
          onFile={(next) => {
            setFound(null)
            void testing.choose(next)
          }}
        />
        {sources.length === 0 ? null : (
          <SelectField
            path="source"
            label="Read it as"
            value={id}
            options={[
              ['', 'a new file'],
              ...sources.map((one): readonly [string, string] => [one.id, `a file of “${one.name}”`]),
            ]}
            onChange={setId}
          />
        )}
        <p class="muted small">
          No file yet? Start from the template: <a href="/api/template.xlsx">.xlsx</a> or{' '}
          <a href="/api/template.csv">.csv</a>.
        </p>
      </div>
      {file === null || test === null || source !== null || test.columns.length === 0 ? null : (
        <div class="wizard-columns live form">
          <div>
            <MappingFields draft={draft} change={change} testing={testing} />
          </div>
          <LiveResult draft={draft} testing={testing} />
        </div>
      )}
      {found === null ? null : <CheckResult check={found} />}
      {file === null ? null : <CheckActions file={file} source={source} draft={draft} />}
    </>
  )
}
