import { useEffect, useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { patch } from '../client.ts'
import { formOf } from '../connections/index.tsx'
import { useAction, useLoad } from '../load.ts'
import { ActionBar } from '../parts/action-bar.tsx'
import { TextField } from '../parts/field.tsx'
import { Fold } from '../parts/fold.tsx'
import { Form } from '../parts/form.tsx'
import { useLeaveGuard } from '../router.ts'
import { draftOf, isSame, type SourceDraft } from './draft.ts'
import { useEditing } from './editing.ts'
import { FreshnessFields } from './freshness.tsx'
import { LimitFields, limitsWords } from './limits.tsx'
import { MappingFields } from './mapping-fields.tsx'
import { MissingFields, missingTitle, missingWords } from './missing.tsx'
import { NextRuns } from './next-runs.tsx'
import { NotifyFields, reportWords } from './notify.tsx'
import { ScheduleFields } from './schedule.tsx'
import { Step } from './step.tsx'
import type { Testing } from './testing.ts'
import { WhereFields } from './where.tsx'

interface SavedFormProps {
  source: SourceView
  /** Called once everything is saved, and when nothing is to be. */
  onDone: () => void
}

/** Edits the import settings of a source: all of them but its schedule. */
export function SettingsForm({ source, onDone }: SavedFormProps) {
  const editing = useEditing(() => draftOf(source), { saved: source })
  const { draft, change } = editing
  const testing = useChoices(source, editing.testing)
  const section = { draft, change }
  const save = useSave(source, settingsOf(draft), { ...editing, onDone })
  return (
    <Form problem={save.problem} onSubmit={save.run}>
      <Step id="where" title="Where the contacts are">
        <TextField
          path="name"
          label="Name of this source"
          placeholder="Staff list"
          required
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <WhereFields {...section} saved={source} testing={testing} onOwnColumns={editing.useOwnColumns} />
      </Step>
      <MappingFields {...section} testing={testing} />
      <Step id="imports" title="What an import does">
        <Fold title={missingTitle(draft.connection)} set={missingWords(draft)}>
          <MissingFields {...section} />
        </Fold>
        <Fold title="Safety limits" set={limitsWords(draft)}>
          <LimitFields {...section} />
        </Fold>
        <Fold title="Reports" set={reportWords(draft)}>
          <NotifyFields {...section} sourceId={source.id} />
        </Fold>
      </Step>
      <Buttons label="Save" busy={save.busy} onCancel={onDone} />
    </Form>
  )
}

/** Adds what a saved CRM offers to choose from, which is read by itself, until a test finds it anew. */
function useChoices({ id, connection }: SourceView, testing: Testing): Testing {
  const { data } = useLoad('/api/sources/:id/choices', givesRecords(connection) ? { id } : null)
  return testing.test === null && data !== null ? { ...testing, test: { columns: [], rows: [], ...data } } : testing
}

/** Edits when a source is imported. `timeZone` is the zone of a new schedule. */
export function ScheduleForm({ source, timeZone, onDone }: SavedFormProps & { timeZone: string }) {
  const editing = useEditing(() => draftOf(source), { saved: source })
  const { draft, change } = editing
  const { schedule, freshness } = draft
  const save = useSave(source, { schedule, freshness }, { ...editing, onDone })
  const { scheduleAdvice } = formOf(draft.connection)
  return (
    <Form problem={save.problem} onSubmit={save.run}>
      <Step id="schedule" title={isUploaded(draft.connection) ? 'When a file is due' : 'Import schedule'}>
        {scheduleAdvice === undefined ? null : <p>{scheduleAdvice}</p>}
        {isUploaded(draft.connection) ? null : <ScheduleFields draft={draft} change={change} timeZone={timeZone} />}
        {schedule === null ? null : <NextRuns schedule={schedule} sourceId={source.id} />}
        <FreshnessFields draft={draft} change={change} />
      </Step>
      <Buttons label="Update" busy={save.busy} onCancel={onDone} />
    </Form>
  )
}

/** Saves a part of a source’s settings. */
function useSave(
  source: SourceView,
  edited: Partial<SourceDraft>,
  { touched, untouch, onDone }: { touched: boolean; untouch: () => void; onDone: () => void },
) {
  const [begun] = useState(() => draftOf(source))
  const [done, setDone] = useState(false)
  useLeaveGuard(touched)
  // Ends only after nothing is unsaved, or the page would ask whether to leave.
  useEffect(() => {
    if (done && !touched) onDone()
  }, [done, touched])
  return useAction(async () => {
    // What was not edited may have been changed elsewhere meanwhile, such as the name by the menu of the page.
    const changed = Object.entries(edited).filter(([key, value]) => !isSame(value, begun[key as keyof SourceDraft]))
    await patch('/api/sources/:id', { id: source.id, body: Object.fromEntries(changed) })
    untouch()
    setDone(true)
  })
}

/** Returns all settings but those that have a form of their own, and `enabled`, which is changed after a confirmation. */
function settingsOf({ enabled: _, schedule: __, freshness: ___, ...settings }: SourceDraft) {
  return settings
}

function Buttons({ label, busy, onCancel }: { label: string; busy: boolean; onCancel: () => void }) {
  return (
    <ActionBar>
      <button type="submit" class="primary" disabled={busy}>
        {label}
      </button>
      <button type="button" onClick={onCancel}>
        Cancel
      </button>
    </ActionBar>
  )
}
