import { useEffect, useState } from 'preact/hooks'
import type { SourceView, TestView } from '../../../worker/src/api/views.ts'
import type { Settings } from '../../../worker/src/store/settings.ts'
import { send } from '../api.ts'
import { useAction } from '../load.ts'
import { CheckField } from '../parts/choice.tsx'
import { TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { go, useLeaveGuard } from '../router.ts'
import { useSession } from '../session.ts'
import { ColumnFields, ownMapping } from './columns.tsx'
import { draftOf, newDraft, type SourceDraft } from './draft.ts'
import { FormatFields } from './format.tsx'
import { FreshnessFields } from './freshness.tsx'
import { LimitFields } from './limits.tsx'
import { MissingFields } from './missing.tsx'
import { NotifyFields } from './notify.tsx'
import { ScheduleFields } from './schedule.tsx'
import { Step } from './step.tsx'
import { TemplateColumns, TemplateDownloads } from './template.tsx'
import { WhereFields } from './where.tsx'

/** The settings of a source, in the order of the seed’s steps. `saved` is null for a new one. */
export function SourceForm({ saved, directory }: { saved: SourceView | null; directory: Settings }) {
  const session = useSession()
  const [draft, setDraft] = useState<SourceDraft>(() => (saved === null ? newDraft(directory) : draftOf(saved)))
  const [test, setTest] = useState<TestView | null>(null)
  const [touched, setTouched] = useState(false)
  const [savedId, setSavedId] = useState<string | null>(null)
  useLeaveGuard(touched)
  useScrollTo(new URLSearchParams(location.search).get('at'))
  const change = (part: Partial<SourceDraft>) => {
    setTouched(true)
    setDraft((before) => ({ ...before, ...part }))
  }
  const tested = (found: TestView | null) => {
    setTest(found)
    setDraft((before) => (before.mapping === null ? before : { ...before, mapping: ownMapping(before.mapping, found) }))
  }
  const useOwnColumns = () => {
    change({ mapping: ownMapping(draft.mapping, test) })
    document.getElementById('columns')?.focus()
  }
  const save = useAction(async () => {
    const { id } = await send<SourceView>(
      saved === null ? 'POST' : 'PATCH',
      saved === null ? '/api/sources' : `/api/sources/${encodeURIComponent(saved.id)}`,
      saved === null ? draft : settingsOf(draft),
    )
    setTouched(false)
    setSavedId(id)
  })
  // Only once nothing is unsaved any more, or the page would ask whether to leave.
  useEffect(() => {
    if (savedId === null || touched) return
    session.refresh()
    go(`/sources/${encodeURIComponent(savedId)}`)
  }, [savedId, touched])
  const section = { draft, change }
  return (
    <Form problem={save.problem} onSubmit={save.run}>
      <Step id="file" number={1} title="The file">
        <p>
          Fill in the template and save it as .xlsx or .csv. Don’t change its headers. A file that you have already can
          be used as it is: see step 3.
        </p>
        <TemplateDownloads />
        <TemplateColumns />
      </Step>
      <Step id="where" number={2} title="Where the file is">
        <TextField
          path="name"
          label="Name of this source"
          placeholder="Staff list"
          required
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <WhereFields {...section} saved={saved} test={test} onTested={tested} onOwnColumns={useOwnColumns} />
      </Step>
      <Step id="columns" number={3} title="What its columns are">
        <ColumnFields {...section} test={test} />
      </Step>
      <Step id="reading" number={4} title="How it is read">
        <FormatFields {...section} />
        <MissingFields {...section} />
      </Step>
      <Step id="schedule" number={5} title="Import schedule">
        <ScheduleFields {...section} timeZone={directory.defaultTimeZone} />
        <FreshnessFields {...section} />
      </Step>
      <Step id="limits" number={6} title="When to ask you first">
        <LimitFields {...section} />
      </Step>
      <Step id="notify" number={7} title="Notification">
        <NotifyFields {...section} />
      </Step>
      <div class="block save">
        {saved === null ? (
          <CheckField
            path="enabled"
            label="Enable this source"
            hint="From then on contacts and groups are changed in the file only."
            checked={draft.enabled}
            onChange={(enabled) => change({ enabled })}
          />
        ) : null}
        <div class="actions">
          <button type="submit" class="primary" disabled={save.busy}>
            Save
          </button>
          <a class="button" href={saved === null ? '/sources' : `/sources/${encodeURIComponent(saved.id)}`}>
            Cancel
          </a>
        </div>
      </div>
    </Form>
  )
}

/** All but whether it is enabled: that is changed on the source’s page, with a question. */
function settingsOf({ enabled: _, ...settings }: SourceDraft) {
  return settings
}

function useScrollTo(id: string | null): void {
  useEffect(() => {
    if (id !== null) document.getElementById(id)?.scrollIntoView()
  }, [id])
}
