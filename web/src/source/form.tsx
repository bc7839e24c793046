import { useEffect, useState } from 'preact/hooks'
import type { SettingsView } from '../../../worker/src/api/settings.ts'
import type { SourceView, TestView } from '../../../worker/src/api/views.ts'
import { factsOf, isUploaded } from '../../../worker/src/connections/facts.ts'
import { patch, post } from '../client.ts'
import { formOf } from '../connections/index.tsx'
import { useAction } from '../load.ts'
import { CheckField } from '../parts/choice.tsx'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { go, hrefOf, useLeaveGuard } from '../router.ts'
import { ColumnFields, ownMapping } from './columns.tsx'
import { draftOf, newDraft, type SourceDraft } from './draft.ts'
import { FetchingFields } from './fetching.tsx'
import { CountryField, FormatFields } from './format.tsx'
import { FreshnessFields } from './freshness.tsx'
import { handOver } from './hand-over.ts'
import { LimitFields } from './limits.tsx'
import { withSuggestedSms } from './mapping.ts'
import { MissingFields } from './missing.tsx'
import { NotifyFields } from './notify.tsx'
import { RecordFields } from './record-fields.tsx'
import { suggestedFields } from './record-mapping.ts'
import { RowRuleFields } from './row-rules.tsx'
import { ScheduleFields } from './schedule.tsx'
import { Step } from './step.tsx'
import { TemplateColumns, TemplateDownloads } from './template.tsx'
import { WhereFields } from './where.tsx'

/** The settings of a source, in the order of the seed’s steps. `saved` is null for a new one. */
export function SourceForm({ saved, directory }: { saved: SourceView | null; directory: SettingsView }) {
  const [draft, setDraft] = useState<SourceDraft>(() => (saved === null ? newDraft(directory) : draftOf(saved)))
  const [test, setTest] = useState<TestView | null>(null)
  const [touched, setTouched] = useState(false)
  const [savedId, setSavedId] = useState<string | null>(null)
  const [file, setFile] = useState<File | null>(null)
  useLeaveGuard(touched)
  useScrollTo(new URLSearchParams(location.search).get('at'))
  const change = (part: Partial<SourceDraft>) => {
    setTouched(true)
    setDraft((before) => withSuggestedSms(before, { ...before, ...part }, test?.columns ?? []))
  }
  const tested = (found: TestView | null) => {
    setTest(found)
    setDraft((before) =>
      withSuggestedSms(before, { ...before, mapping: suggested(before, found) }, found?.columns ?? []),
    )
  }
  const useOwnColumns = () => {
    change({ mapping: ownMapping(draft.mapping, test) })
    document.getElementById('columns')?.focus()
  }
  /** The file that a new source begins with. */
  const uploads = saved === null && isUploaded(draft.connection) ? file : null
  const save = useAction(async () => {
    const { id } = await (saved === null
      ? post('/api/sources', { body: draft })
      : patch('/api/sources/:id', { id: saved.id, body: settingsOf(draft) }))
    if (uploads !== null) handOver(id, uploads)
    setTouched(false)
    setSavedId(id)
  })
  // Leaves only after nothing is unsaved, or the page would ask whether to leave.
  useEffect(() => {
    if (savedId === null || touched) return
    go(hrefOf('/sources/:id', { id: savedId }))
  }, [savedId, touched])
  const section = { draft, change }
  const { connection } = draft
  const { gives, mapping: rule } = factsOf(connection)
  const crm = gives === 'records'
  const uploaded = isUploaded(connection)
  const { criteria, scheduleAdvice } = formOf(connection)
  return (
    <Form problem={save.problem} onSubmit={save.run}>
      {crm ? null : (
        <Step id="file" title="The file">
          <p>
            Fill in the template and save it as .xlsx or .csv. Don’t change its headers. A file that you have already
            can be used as it is: see step 3.
          </p>
          <TemplateDownloads />
          <TemplateColumns />
        </Step>
      )}
      <Step id="where" title={crm ? 'Where the contacts are' : 'Where the file is'}>
        <TextField
          path="name"
          label="Name of this source"
          placeholder="Staff list"
          required
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <WhereFields
          {...section}
          saved={saved}
          test={test}
          onTested={tested}
          onFile={setFile}
          onOwnColumns={useOwnColumns}
        />
      </Step>
      {criteria === undefined ? null : (
        <Step id="criteria" title={criteria.title}>
          <criteria.Fields draft={connection} test={test} onChange={(next) => change({ connection: next })} />
        </Step>
      )}
      <Step id="columns" title={crm ? 'Which fields are imported' : 'What its columns are'}>
        {rule.by === 'fields' ? (
          <RecordFields {...section} test={test} rule={rule} />
        ) : (
          <ColumnFields {...section} test={test} />
        )}
        <RowRuleFields {...section} test={test} what={crm ? 'attribute' : 'column'} />
      </Step>
      <Step id="reading" title={crm ? 'How it is imported' : 'How it is read'}>
        {crm ? (
          <>
            <CountryField {...section} />
            <FetchingFields {...section} />
          </>
        ) : (
          <FormatFields {...section} />
        )}
        <MissingFields {...section} />
      </Step>
      <Step id="schedule" title={uploaded ? 'When a file is due' : 'Import schedule'}>
        {scheduleAdvice === undefined ? null : <p>{scheduleAdvice}</p>}
        {uploaded ? null : <ScheduleFields {...section} timeZone={directory.defaultTimeZone} />}
        <FreshnessFields {...section} />
      </Step>
      <Step id="limits" title="When to ask you first">
        <LimitFields {...section} />
      </Step>
      <Step id="notify" title="Notification">
        <NotifyFields {...section} />
      </Step>
      <div class="block save">
        {saved === null ? (
          <CheckField
            path="enabled"
            label="Enable this source"
            hint={`From then on contacts and groups are changed in ${crm ? 'the CRM' : 'the file'} only.`}
            checked={draft.enabled}
            onChange={(enabled) => change({ enabled })}
          />
        ) : null}
        <div class="actions">
          <button type="submit" class="primary" disabled={save.busy}>
            {uploads === null ? 'Save' : draft.enabled ? 'Save and import the file' : 'Save and preview the file'}
          </button>
          <a class="button" href={saved === null ? '/sources' : hrefOf('/sources/:id', { id: saved.id })}>
            Cancel
          </a>
        </div>
      </div>
    </Form>
  )
}

/** Returns the mapping of the draft, or the mapping that a test suggests if nothing is mapped yet. */
function suggested({ connection, mapping }: SourceDraft, test: TestView | null): SourceDraft['mapping'] {
  if (mapping === null) return null
  const { mapping: rule } = factsOf(connection)
  if (rule.by !== 'fields') return ownMapping(mapping, test)
  return mapping.length > 0 ? mapping : suggestedFields(rule.fields, test?.columns ?? [])
}

/** Returns all settings but `enabled`, which is changed on the source’s page after a confirmation. */
function settingsOf({ enabled: _, ...settings }: SourceDraft) {
  return settings
}

function useScrollTo(id: string | null): void {
  useEffect(() => {
    if (id !== null) document.getElementById(id)?.scrollIntoView()
  }, [id])
}
