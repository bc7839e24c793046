import { count } from '../format.ts'
import type { Tone } from '../words.ts'

/** A tile for each count. A tile that counts zero has no colour. */
export function Tiles({ items }: { items: readonly (readonly [label: string, value: number, tone: Tone | null])[] }) {
  return (
    <dl class="tiles">
      {items.map(([label, value, tone]) => (
        <div key={label} class={value === 0 || tone === null ? 'tile' : `tile ${tone}`}>
          <dt>{label}</dt>
          <dd>{count(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
