import { useId } from 'preact/hooks'
import type { Kind } from '../../../worker/src/connections/kind.ts'
import type { KindChoice } from '../connections/kind.ts'
import { Icon } from '../parts/icon.tsx'

interface KindTilesProps {
  legend: string
  choices: readonly KindChoice<Kind>[]
  /** The value of the chosen one. */
  value: string | undefined
  /** How many of the first tiles are larger, because most people need one of them. */
  large?: number
  onChange: (choice: KindChoice<Kind>) => void
}

/** The places that contacts can come from, as tiles of which one is chosen. */
export function KindTiles({ legend, choices, value, large = 0, onChange }: KindTilesProps) {
  const group = useId()
  const tile = (choice: KindChoice<Kind>) => (
    <label key={choice.value} class="kind-tile">
      <input
        type="radio"
        name={group}
        data-path="connection.kind"
        aria-describedby={`${group}-${choice.value}`}
        checked={choice.value === value}
        onChange={() => onChange(choice)}
      />
      <span>
        <Icon name={choice.icon} />
        <strong>{choice.short}</strong>
        <span class="hint" id={`${group}-${choice.value}`} aria-hidden="true">
          {choice.hint}
        </span>
      </span>
    </label>
  )
  return (
    <fieldset class="kind-tiles">
      <legend>{legend}</legend>
      {large === 0 ? null : <div class="large">{choices.slice(0, large).map(tile)}</div>}
      <div>{choices.slice(large).map(tile)}</div>
    </fieldset>
  )
}
