import { useState } from 'preact/hooks'
import type { SourceView, TestView } from '../../../worker/src/api/views.ts'
import { factsOf, givesRecords, isUploaded } from '../../../worker/src/connections/facts.ts'
import { mappingOf } from '../../../worker/src/connections/mapping.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { type MappingColumn, rowRulesSchema } from '../../../worker/src/core/mapping.ts'
import { post } from '../client.ts'
import { CONNECTION_CHOICES, ConnectionFields, choiceOf, formOf } from '../connections/index.tsx'
import { useFields } from '../field/definitions.ts'
import { useAction } from '../load.ts'
import { RadioField } from '../parts/choice.tsx'
import { FileDrop } from '../parts/file-drop.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import type { SectionProps, SourceDraft } from './draft.ts'
import { isComplete } from './mapping.ts'
import { TestResult } from './test-result.tsx'

interface WhereProps extends SectionProps {
  saved: SourceView | null
  /** The result of the last test; null before a test and during one. */
  test: TestView | null
  onTested: (test: TestView | null) => void
  /** Called with the file that the administrator wants to upload. */
  onFile: (file: File) => void
  /** Called when the administrator chooses to map columns because the file lacks the template’s headers. */
  onOwnColumns: () => void
}

/**
 * Returns the settings to start with after a change of place. An attribute mapped in a CRM is not a column of a file,
 * and a column is not an attribute.
 */
function startElsewhere({ connection: before }: SourceDraft, next: ConnectionDraft): Partial<SourceDraft> {
  // An uploaded file has no schedule.
  const schedule = isUploaded(next) ? { schedule: null } : {}
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

/** The connection, with *Test connection*, which saves nothing. */
export function WhereFields({ draft, change, saved, test: result, onTested, onFile, onOwnColumns }: WhereProps) {
  const [against, setAgainst] = useState<MappingColumn[] | null>(null)
  const chosen = choiceOf(draft.connection)
  /** Returns the settings to read the file by. What is incomplete would be refused, and a test without it shows the columns too. */
  const readBy = () => ({
    format: draft.format,
    mapping: isComplete(draft.mapping, draft.connection) ? draft.mapping : null,
    rows: draft.rows.filter((rule) => rowRulesSchema.safeParse([rule]).success),
  })
  const test = useAction(async (connection: ConnectionDraft) => {
    onTested(null)
    const body = { connection, ...readBy() }
    // With the source’s ID, the API uses the saved secret for one that was not changed.
    const found = await (saved === null
      ? post('/api/sources/test', { body })
      : post('/api/sources/:id/test', { id: saved.id, body }))
    setAgainst(body.mapping)
    onTested(found)
  })
  const { fields } = useFields()
  const look = useAction(async (file: File) => {
    onTested(null)
    onFile(file)
    const by = { connection: draft.connection, fields: [...fields.values()], ...readBy() }
    const { lookAtFile } = await import('./look-at-file.ts')
    const found = await lookAtFile(file, by)
    setAgainst(by.mapping)
    onTested(found)
  })
  const problem = test.problem ?? look.problem
  const trust = (hostKey: string) => {
    const connection = formOf(draft.connection).trusting?.(draft.connection, hostKey) ?? draft.connection
    change({ connection })
    // Only the key was missing: with it the test goes on to the password and the file.
    void test.run(connection)
  }
  const choose = (value: string) => {
    const choice = CONNECTION_CHOICES.find((one) => one.value === value)
    if (choice === undefined) return
    const connection = choice.start(draft.connection)
    change({ connection, ...startElsewhere(draft, connection) })
  }
  return (
    <>
      <RadioField
        path="connection.kind"
        legend="Where are the contacts?"
        value={chosen?.value ?? ''}
        options={CONNECTION_CHOICES}
        onChange={choose}
      />
      <FieldProblems problem={test.problem}>
        <ConnectionFields
          key={draft.connection.kind}
          draft={draft.connection}
          saved={saved?.connection ?? null}
          test={result}
          onChange={(connection) => change({ connection })}
        />
      </FieldProblems>
      {isUploaded(draft.connection) ? (
        <FileDrop
          path="file"
          label={saved === null ? 'The file with the contacts' : 'A file, to see its columns'}
          hint={
            saved === null
              ? 'Its columns are shown here. It is uploaded when you have saved.'
              : 'It is read in this browser, and not uploaded.'
          }
          onFile={look.run}
        />
      ) : (
        <div class="actions">
          <button type="button" onClick={() => test.run(draft.connection)} disabled={test.busy}>
            {test.busy ? 'Testing…' : 'Test connection'}
          </button>
          <span class="muted">Changes nothing.</span>
        </div>
      )}
      <div aria-live="polite">
        <ProblemNotice problem={problem} />
        {result === null ? null : (
          <TestResult
            test={result}
            records={givesRecords(draft.connection)}
            against={against}
            mapping={mappingOf(draft.connection, draft.mapping)}
            onTrust={trust}
            onOwnColumns={draft.mapping === null ? onOwnColumns : null}
          />
        )}
      </div>
    </>
  )
}
