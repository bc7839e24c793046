import { useEffect, useRef } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { factsOf, givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import type { Kind } from '../../../worker/src/connections/kind.ts'
import { mappingOf } from '../../../worker/src/connections/mapping.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { CONNECTION_CHOICES, ConnectionFields, choiceOf, formOf } from '../connections/index.tsx'
import type { KindChoice } from '../connections/kind.ts'
import { FileDrop } from '../parts/file-drop.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import type { SectionProps, SourceDraft } from './draft.ts'
import { KindTiles } from './kind-tiles.tsx'
import { NIGHTLY } from './schedule.tsx'
import { TestResult } from './test-result.tsx'
import type { Testing } from './testing.ts'

interface WhereProps extends SectionProps {
  saved: SourceView | null
  testing: Testing
  /** The kinds to choose from. */
  choices?: readonly KindChoice<Kind>[]
  /** Called when the administrator chooses to map columns because the file lacks the template’s headers. */
  onOwnColumns?: () => void
}

/**
 * Returns the settings to start with after a change of place. An attribute mapped in a CRM is not a column of a file,
 * and a column is not an attribute.
 */
function startElsewhere(
  { connection: before, ...draft }: SourceDraft,
  next: ConnectionDraft,
  isNew: boolean,
): Partial<SourceDraft> {
  // An uploaded file has no schedule. The recommended one is chosen, and is not the choice of the administrator.
  const suggested = isNew && formOf(before).scheduleAdvice !== undefined && draft.schedule?.kind === 'nightly'
  const own = suggested ? null : draft.schedule
  const recommended = formOf(next).scheduleAdvice === undefined || !isNew ? null : NIGHTLY
  const schedule = { schedule: isUploaded(next) ? null : (own ?? recommended) }
  if (!givesRecords(before) && !givesRecords(next)) return schedule
  const { mapping, defaults } = factsOf(next)
  const { removal, changesOnly } = defaults
  return {
    ...schedule,
    mapping: mapping.by === 'fields' ? [] : null,
    changesOnly,
    // A choice of the administrator stays; a default of the kind does not.
    ...(removal === factsOf(before).defaults.removal ? {} : { removal }),
  }
}

/** The connection, which is tested as soon as it is filled in, and by *Test connection*. A test saves nothing. */
export function WhereFields(props: WhereProps) {
  const { draft, change, saved, testing, choices = CONNECTION_CHOICES, onOwnColumns } = props
  const { connection } = draft
  const choose = (choice: KindChoice<Kind>) => {
    const started = choice.start(connection)
    // A file that is dropped is imported once, unless somebody says where the next one comes from.
    const next = saved === null && started.kind === 'upload' ? { ...started, once: true } : started
    change({ connection: next, ...startElsewhere(draft, next, saved === null) })
  }
  return (
    <>
      <KindTiles
        legend="Where are the contacts?"
        choices={choices}
        value={choiceOf(connection)?.value}
        large={choices.some(isUpload) ? 2 : 0}
        onChange={choose}
      />
      {isUploaded(connection) ? (
        <FileFields {...props} />
      ) : (
        <div class="connection" onFocusOut={testing.left}>
          <FieldProblems problem={testing.problem}>
            <ConnectionFields
              key={connection.kind}
              draft={connection}
              saved={saved?.connection ?? null}
              test={testing.test}
              onChange={(next) => change({ connection: next })}
            />
          </FieldProblems>
          <div class="actions">
            <button
              type="button"
              aria-disabled={testing.busy}
              onClick={() => {
                if (!testing.busy) void testing.connect()
              }}
            >
              {testing.busy ? 'Testing…' : 'Test connection'}
            </button>
            <span class="muted">Nothing is imported by testing.</span>
          </div>
        </div>
      )}
      <Outcome draft={draft} change={change} testing={testing} {...(onOwnColumns && { onOwnColumns })} />
    </>
  )
}

function isUpload({ value }: KindChoice<Kind>): boolean {
  return value === 'upload'
}

/** The place for a file of this computer. How a saved source takes its files can be changed too. */
function FileFields({ draft: { connection }, change, saved, testing }: WhereProps) {
  const label = saved !== null ? 'A file, to see its columns' : 'The file with the contacts'
  return (
    <>
      {saved === null ? null : (
        <ConnectionFields
          draft={connection}
          saved={saved.connection}
          test={testing.test}
          onChange={(next) => change({ connection: next })}
        />
      )}
      <FileDrop
        path="file"
        label={label}
        file={testing.file}
        hint={
          saved === null
            ? '.xlsx or .csv, with any headers. It is read in this browser, and sent only when you import it.'
            : 'It is read in this browser, and not uploaded.'
        }
        onFile={(file) => void testing.choose(file)}
      />
    </>
  )
}

interface OutcomeProps extends SectionProps, Pick<WhereProps, 'testing' | 'onOwnColumns'> {}

/** What the last test found. */
function Outcome({ draft, change, testing: { test, against, problem, connect }, onOwnColumns }: OutcomeProps) {
  const { connection, mapping } = draft
  const place = useRef<HTMLDivElement>(null)
  const trusts = useRef(false)
  useEffect(() => {
    if (!trusts.current || test === null) return
    trusts.current = false
    // The button that was pressed is gone with the question. Nobody who types meanwhile is interrupted.
    if (!document.activeElement?.matches('input, textarea, select')) place.current?.focus()
  }, [test])
  const trust = (hostKey: string) => {
    trusts.current = true
    const trusted = formOf(connection).trusting?.(connection, hostKey) ?? connection
    change({ connection: trusted })
    // Only the key was missing: with it the test goes on to the password and the file.
    void connect(trusted)
  }
  return (
    <>
      <ProblemNotice problem={problem} />
      {test === null ? null : (
        <TestResult
          place={place}
          test={test}
          records={givesRecords(connection)}
          local={isUploaded(connection)}
          against={against}
          mapping={mappingOf(connection, mapping)}
          onTrust={trust}
          onOwnColumns={mapping === null && onOwnColumns !== undefined ? onOwnColumns : null}
        />
      )}
    </>
  )
}
