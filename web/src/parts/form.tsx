import { type ComponentChildren, createContext } from 'preact'
import { useContext, useEffect, useRef } from 'preact/hooks'
import type { ApiProblem, FieldError } from '../problem.ts'
import { unfold } from './fold.tsx'

/** The errors of the API for the surrounding form. Each field finds its own error by its path. */
const FieldErrors = createContext<readonly FieldError[]>([])

interface FormProps {
  problem: ApiProblem | null
  onSubmit: () => void
  children: ComponentChildren
}

/** A form that lists refusals at the top, each with a link to its field, and repeats them beside the field. */
export function Form({ problem, onSubmit, children }: FormProps) {
  return (
    <form
      class="form"
      // The browser says what is missing beside the field, which it can only do where the field is seen.
      onInvalidCapture={({ target }) => target instanceof Element && unfold(target)}
      onSubmit={(event) => {
        // A dialog inside the form has a form of its own, whose event also arrives here.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        onSubmit()
      }}
    >
      <Refusal problem={problem} />
      <FieldErrors.Provider value={problem?.errors ?? []}>{children}</FieldErrors.Provider>
    </form>
  )
}

/** Passes the refusals of an action inside a form, such as a test, to their fields. */
export function FieldProblems({ problem, children }: { problem: ApiProblem | null; children: ComponentChildren }) {
  const around = useContext(FieldErrors)
  return <FieldErrors.Provider value={[...(problem?.errors ?? []), ...around]}>{children}</FieldErrors.Provider>
}

function Refusal({ problem }: { problem: ApiProblem | null }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem !== null) box.current?.focus()
  }, [problem])
  if (problem === null) return null
  return (
    <div class="notice bad" role="alert" tabIndex={-1} ref={box}>
      <strong>{problem.message}</strong>
      {problem.errors.length === 0 ? null : (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={path + message}>
              <button type="button" class="link" onClick={() => focusField(path)}>
                {message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/**
 * Goes to the field of a path or, where it has none, to the nearest one above or below; opens what is folded over it.
 */
function focusField(path: string): void {
  const fields = [...document.querySelectorAll<HTMLElement>('[data-path]')]
  const field =
    fields.find(({ dataset }) => dataset.path === path) ??
    fields.find(({ dataset }) => dataset.path?.startsWith(`${path}.`) || path.startsWith(`${dataset.path}.`))
  if (field === undefined) return
  unfold(field)
  field.focus()
}

/** Returns the refusal of the field at `path` or of a field inside it; null if both are accepted. */
export function useFieldError(path: string): string | null {
  const errors = useContext(FieldErrors)
  return errors.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message ?? null
}
