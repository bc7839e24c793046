import { useState } from 'preact/hooks'
import type { SourceView, TestView } from '../../../worker/src/api/views.ts'
import { send } from '../api.ts'
import { CONNECTION_CHOICES, ConnectionFields, choiceOf, trusting } from '../connections/index.tsx'
import { useAction } from '../load.ts'
import { RadioField } from '../parts/choice.tsx'
import { FieldProblems } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import type { SectionProps } from './draft.ts'
import { TestResult } from './test-result.tsx'

/** How the file is reached, with *Test connection*, which saves nothing. */
export function WhereFields({ draft, change, saved }: SectionProps & { saved: SourceView | null }) {
  const [result, setResult] = useState<TestView | null>(null)
  const chosen = choiceOf(draft.connection)
  const test = useAction(async () => {
    setResult(null)
    // With the source’s ID, a secret that was left as it is comes from what is saved.
    const path = saved === null ? '/api/sources/test' : `/api/sources/${encodeURIComponent(saved.id)}/test`
    setResult(await send<TestView>('POST', path, { connection: draft.connection, format: draft.format }))
  })
  const trust = (hostKey: string) => {
    change({ connection: trusting(draft.connection, hostKey) })
    setResult(null)
  }
  const choose = (value: string) => {
    const choice = CONNECTION_CHOICES.find((one) => one.value === value)
    if (choice !== undefined) change({ connection: choice.start(draft.connection) })
  }
  return (
    <>
      <RadioField
        path="connection.kind"
        legend="Where is the file?"
        value={chosen?.value ?? ''}
        options={CONNECTION_CHOICES}
        onChange={choose}
      />
      <FieldProblems problem={test.problem}>
        <ConnectionFields
          key={chosen?.value}
          draft={draft.connection}
          saved={saved?.connection ?? null}
          onChange={(connection) => change({ connection })}
        />
      </FieldProblems>
      <div class="actions">
        <button type="button" onClick={test.run} disabled={test.busy}>
          {test.busy ? 'Testing…' : 'Test connection'}
        </button>
        <span class="muted">Changes nothing.</span>
      </div>
      <div aria-live="polite">
        <ProblemNotice problem={test.problem} />
        {result === null ? null : <TestResult test={result} onTrust={trust} />}
      </div>
    </>
  )
}
