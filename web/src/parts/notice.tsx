import type { ComponentChildren } from 'preact'
import type { ApiProblem } from '../problem.ts'
import { hrefOf } from '../router.ts'
import type { Tone } from '../words.ts'

/** A message that belongs to the whole page or form. Tone `bad` is announced at once, the others politely. */
export function Notice({ tone, title, children }: { tone: Tone; title?: string; children?: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {title === undefined ? null : <strong>{title}</strong>}
      {children}
    </div>
  )
}

/** Shows why a call to the API failed. Shows nothing if it did not. */
export function ProblemNotice({ problem }: { problem: ApiProblem | null }) {
  if (problem === null) return null
  return (
    <Notice tone="bad">
      <p>{problem.message}</p>
      {problem.errors.length === 0 ? null : (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={path + message}>{message}</li>
          ))}
        </ul>
      )}
      {problem.code === 'run_active' && problem.runId !== null ? (
        <p>
          <a href={hrefOf('/runs/:id', { id: problem.runId })}>Show that run</a>
        </p>
      ) : null}
    </Notice>
  )
}
