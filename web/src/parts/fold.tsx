import type { ComponentChildren } from 'preact'

interface FoldProps {
  title: string
  /** What is set inside, in a few words, so that it need not be opened to be read. */
  set: string
  /** Whether it is open at first, and again each time that this becomes true. */
  open?: boolean
  children: ComponentChildren
}

/** A part of a form whose default suits most people: a line that says what is set, and opens. */
export function Fold({ title, set, open = false, children }: FoldProps) {
  return (
    <details class="fold part" open={open}>
      <summary>
        <strong>{title}</strong> <span>{set}</span>
      </summary>
      {children}
    </details>
  )
}

/** Opens everything that is folded over an element, so that it can have the focus. */
export function unfold(element: Element): void {
  for (let at = element.closest('details'); at !== null; at = at.parentElement?.closest('details') ?? null) {
    at.open = true
  }
}
