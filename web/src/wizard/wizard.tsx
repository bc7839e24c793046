import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { SettingsView } from '../../../worker/src/api/settings.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { isReachable } from '../connections/complete.ts'
import { bytes } from '../format.ts'
import { ActionBar } from '../parts/action-bar.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'
import { go } from '../router.ts'
import { newDraft, type SourceDraft } from '../source/draft.ts'
import { useEditing } from '../source/editing.ts'
import { mappingProblem } from '../source/mapping.ts'
import { ColumnsStep } from './columns-step.tsx'
import { useFinish } from './finish.ts'
import { takeBeginning } from './hand-over.ts'
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts'
import { sourceName } from './source-name.ts'
import { hrefOfStep, labelOf, STEPS, type StepName, stepOf } from './steps.ts'
import { WhenStep } from './when-step.tsx'
import { WhereStep } from './where-step.tsx'

/** The settings of a new source in three steps, of which each can be left for another one at any time. */
export function Wizard({ directory, step: wanted }: { directory: SettingsView; step: StepName }) {
  const [beginning] = useState(takeBeginning)
  const [fresh] = useState(() => newDraft(directory))
  const [kept] = useState(() => (beginning === null ? keptDraft(fresh) : null))
  const begin = (): SourceDraft => kept ?? { ...fresh, ...beginning?.settings }
  const { draft, change, testing } = useEditing(begin, { saved: null, file: beginning?.file ?? null })
  const [named, setNamed] = useState(draft.name !== '')
  const { connection } = draft
  const finish = useFinish(draft, testing.file)
  // Before the next task, so that a reload right after a key is pressed loses nothing.
  useLayoutEffect(() => keepDraft(draft), [draft])
  const file = (isUploaded(connection) ? testing.file?.name : undefined) ?? testing.test?.file?.name
  useEffect(() => {
    if (!named && (file !== undefined || testing.test?.ok === true)) change({ name: sourceName(connection, file) })
  }, [named, file, testing.test?.ok])

  // A step that cannot be shown yet, such as after a reload that lost the file, leads back to what is missing.
  // The place of the next file is chosen in the last step; until it is left, the file that was dropped is what counts.
  const dropped = useRef(false)
  if (wanted !== 'when') dropped.current = isUploaded(connection)
  const known = dropped.current ? testing.file !== null : isReachable(connection, null)
  const step = known ? wanted : 'where'
  // A remote file is read again after a reload.
  useEffect(() => {
    if (step !== 'where') testing.left()
  }, [step])
  // A refusal belongs to the step with its field.
  useEffect(() => {
    const [error] = finish.problem?.errors ?? []
    const there = error === undefined || (dropped.current && step === 'when') ? step : stepOf(error.path)
    if (there !== step) go(hrefOfStep(there))
  }, [finish.problem])

  const next: StepName | null = step === 'where' ? 'columns' : step === 'columns' ? 'when' : null
  const { test, busy } = testing
  const readable = test !== null && (test.ok || test.columns.length > 0)
  const [going, setGoing] = useState(false)
  const forward = () => {
    if (step === 'where' && !readable && !busy && !isUploaded(connection)) void testing.connect()
    setGoing(true)
  }
  useEffect(() => {
    if (!going || busy) return
    setGoing(false)
    // Nobody is sent on to columns that could not be read.
    if (next !== null && (step !== 'where' || readable)) go(hrefOfStep(next))
    else if (isUploaded(connection)) document.querySelector<HTMLElement>('[data-path="file"]')?.focus()
    else showResult()
  }, [going, busy])
  const failed = step === 'where' && test !== null && !readable && !busy
  useEffect(() => {
    // Nothing moves under somebody who types.
    if (failed && !document.activeElement?.matches('input, textarea, select')) showResult()
  }, [failed])
  const mapped = mappingProblem(draft.mapping, connection) === null
  const section = { draft, change, testing }
  const rename = (name: string) => {
    setNamed(true)
    change({ name })
  }
  const submit = () => (next === null ? void finish.run('import') : forward())
  const importing = draft.enabled ? 'import' : 'preview'
  return (
    <Page title={titleOf(step, connection)} up={{ href: '/sources', label: 'Sources' }}>
      <Form problem={finish.problem} onSubmit={submit}>
        <Steps step={step} known={known} connection={connection} />
        {kept === null || JSON.stringify(kept) === JSON.stringify(fresh) || step !== 'where' ? null : (
          <p class="muted wizard-kept">
            Your settings from before are still here, without passwords, keys and files.{' '}
            <button type="button" class="link" onClick={startOver}>
              Start over
            </button>
          </p>
        )}
        <div class="wizard">
          {step === 'where' ? <WhereStep {...section} onName={rename} /> : null}
          {step === 'columns' ? <ColumnsStep {...section} /> : null}
          {step === 'when' ? <WhenStep {...section} directory={directory} dropped={dropped.current} /> : null}
        </div>
        <ActionBar>
          {finish.sent === null || testing.file === null ? null : (
            <p class="muted" role="status">
              Sending {testing.file.name}: {bytes(Math.min(finish.sent, testing.file.size))} of{' '}
              {bytes(testing.file.size)}
            </p>
          )}
          <a
            class="button start"
            href={step === 'where' ? '/sources' : hrefOfStep(step === 'when' ? 'columns' : 'where')}
          >
            {step === 'where' ? 'Cancel' : 'Back'}
          </a>
          {failed ? (
            <button type="button" class="link" onClick={showResult}>
              {test.code === 'host_key_unknown' ? 'Confirm the key' : 'Why the test failed'}
            </button>
          ) : null}
          {step === 'where' ? null : (
            <button type="button" disabled={finish.busy || !mapped} onClick={() => void finish.run('save')}>
              Save
            </button>
          )}
          <button type="submit" class="primary" disabled={finish.busy || (next === null && !mapped)}>
            {next === null ? `Save and ${importing}` : 'Continue'}
          </button>
        </ActionBar>
      </Form>
    </Page>
  )
}

/** Brings what the test found into view, which a long form has far below the field that it is about. */
function showResult(): void {
  document.querySelector('.test-result')?.scrollIntoView({ block: 'nearest' })
}

function startOver(): void {
  forgetDraft()
  location.assign(hrefOfStep('where'))
}

/** `Add a source, step 2 of 3: Columns` */
function titleOf(step: StepName, connection: ConnectionDraft): string {
  const at = STEPS.findIndex(([name]) => name === step)
  return `Add a source, step ${at + 1} of ${STEPS.length}: ${labelOf(step, connection)}`
}

interface StepsProps {
  step: StepName
  known: boolean
  connection: ConnectionDraft
}

function Steps({ step, known, connection }: StepsProps) {
  return (
    <ol class="wizard-steps" aria-label="Steps">
      {STEPS.map(([name]) => (
        <li key={name}>
          {name === step || (!known && name !== 'where') ? (
            <span aria-current={name === step ? 'step' : undefined}>{labelOf(name, connection)}</span>
          ) : (
            <a href={hrefOfStep(name)}>{labelOf(name, connection)}</a>
          )}
        </li>
      ))}
    </ol>
  )
}
