import { useState } from 'preact/hooks'
import { Field } from '../parts/field.tsx'

interface LinesProps {
  path: string
  label: string
  hint?: string
  lines: readonly string[]
  onChange: (lines: string[]) => void
}

/** A text of several lines, each of which is a value. Blank lines are none. */
export function LinesField({ lines, onChange, ...field }: LinesProps) {
  // The text is kept as it is typed: a line is blank before its first letter.
  const [text, setText] = useState(() => lines.join('\n'))
  const set = (typed: string) => {
    setText(typed)
    onChange(
      typed
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    )
  }
  return (
    <Field {...field}>
      {(control) => (
        <textarea
          {...control}
          rows={Math.max(2, text.split('\n').length)}
          spellcheck={false}
          value={text}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
