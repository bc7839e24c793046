import { useEffect, useState } from 'preact/hooks'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { formatSchema, smsValuesSchema } from '../../../worker/src/core/source.ts'
import { type Check, check, type ReadBy } from '../check/read.ts'
import { CheckResult } from '../check/result.tsx'
import { useAll } from '../load.ts'
import { Field, SelectField } from '../parts/field.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'

const TEMPLATE: Omit<ReadBy, 'fields'> = {
  format: formatSchema.parse({}),
  mapping: null,
  rows: [],
  smsStatus: smsValuesSchema.parse({}),
}

/** Checks a file before anybody imports it, in the browser: it never leaves the machine (design: the core is pure). */
export function CheckPage({ source: chosen }: { source: string }) {
  const { data, problem } = useAll('/api/sources', {})
  const fields = useAll('/api/fields', {}).data
  const [source, setSource] = useState(chosen)
  const [file, setFile] = useState<File | null>(null)
  const [found, setFound] = useState<Check | null>(null)
  const sources = data?.filter(({ connection }) => !givesRecords(connection)) ?? []
  const settings = sources.find(({ id }) => id === source)
  const ready = fields !== null && (source === '' || settings !== undefined)
  useEffect(() => {
    if (file === null || !ready) return
    const stop = new AbortController()
    check(file, { ...(settings ?? TEMPLATE), fields }, setFound, stop.signal).catch(() => undefined)
    return () => stop.abort()
    // A list that is read again holds the same settings.
  }, [file, source, ready])
  return (
    <Page title="Check a file" up={{ href: '/sources', label: 'Sources' }}>
      <ProblemNotice problem={problem} />
      <div class="block">
        <p>
          See what an import would say of a file before anybody imports it. The file is read in this browser and{' '}
          <strong>stays on your computer</strong>; nothing is changed.
        </p>
        <SelectField
          path="source"
          label="Read it as"
          value={source}
          options={[
            ['', 'the template (ID, Name, Number, …)'],
            ...sources.map(({ id, name }): readonly [string, string] => [id, `a file of “${name}”`]),
          ]}
          onChange={setSource}
        />
        <Field
          path="file"
          label="File"
          hint="CSV, .xlsx or JSON, as the source would give it. Compressed files can be read too."
        >
          {(control) => (
            <input {...control} type="file" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
          )}
        </Field>
        <p class="muted small">
          No file yet? Start from the template: <a href="/api/template.xlsx">.xlsx</a> or{' '}
          <a href="/api/template.csv">.csv</a>.
        </p>
      </div>
      {found === null ? null : <CheckResult check={found} />}
    </Page>
  )
}
