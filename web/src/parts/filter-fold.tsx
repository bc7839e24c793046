import type { ComponentChildren } from 'preact'

/** From how wide a window on the filters of a list are always shown, in CSS pixels. */
const WIDE = 736

/** The filters of a list. On a phone they are folded under a line that says how many are set. */
export function FilterFold({ set, children }: { set: number; children: ComponentChildren }) {
  return (
    <details class="filter-fold" open={set > 0 || innerWidth >= WIDE}>
      <summary>{set === 0 ? 'Filters' : `Filters (${set})`}</summary>
      {children}
    </details>
  )
}
