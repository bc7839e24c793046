import { useState } from 'preact/hooks'
import type { MappingColumn } from '../../../worker/src/core/mapping.ts'
import { countOf } from '../format.ts'
import { TextField } from '../parts/field.tsx'
import { firstValue, ValueField } from './value-field.tsx'

type Line = readonly [cell: string, value: string]

interface OtherValuesProps<T extends MappingColumn> {
  path: string
  /** The column, for screen readers. */
  name: string
  samples: readonly string[]
  entry: T
  onChange: (entry: T) => void
}

/** Other values for some cells of a column, folded away until somebody needs them. */
export function OtherValues<T extends MappingColumn>({ path, name, samples, entry, onChange }: OtherValuesProps<T>) {
  const { values, ...rest } = entry
  // The lines are kept as they are typed: two may have the same cell for a moment.
  const [typed, setTyped] = useState<readonly Line[]>([])
  const stored = Object.entries(values ?? {})
  const lines = JSON.stringify(Object.entries(valuesOf(typed))) === JSON.stringify(stored) ? typed : stored
  const set = (next: readonly Line[]) => {
    setTyped(next)
    onChange((next.length === 0 ? rest : { ...rest, values: valuesOf(next) }) as T)
  }
  const replace = (index: number, line: Line) => set(lines.with(index, line))
  const next = samples.find((sample) => !lines.some(([cell]) => cell === sample)) ?? ''
  return (
    <details class="fold other-values">
      <summary>
        {lines.length === 0 ? 'Turn values into others' : `${countOf(lines.length, 'value')} turned into others`}
        <span class="hidden"> of “{name}”</span>
      </summary>
      {lines.map(([cell, value], index) => (
        // A line has no name while it is typed, so its index is its key.
        <div key={index} class="value-line">
          <TextField
            path={path}
            label="In the file"
            placeholder="A blank cell"
            value={cell}
            onChange={(typedCell) => replace(index, [typedCell, value])}
          />
          <ValueField
            path={`${path}.${index}`}
            label="becomes"
            to={entry.to}
            value={value}
            onChange={(typedValue) => replace(index, [cell, typedValue])}
          />
          <button type="button" class="link" onClick={() => set(lines.toSpliced(index, 1))}>
            Remove<span class="hidden"> the value for “{cell}”</span>
          </button>
        </div>
      ))}
      <div class="actions">
        <button type="button" onClick={() => set([...lines, [next, firstValue(entry.to)]])}>
          Add a value
        </button>
      </div>
    </details>
  )
}

function valuesOf(lines: readonly Line[]): Record<string, string> {
  return Object.fromEntries(lines)
}
