import type { ComponentChildren } from 'preact'

/** The buttons of a long page or form. They stay in view: above the end of the window, and at its end on a phone. */
export function ActionBar({ children }: { children: ComponentChildren }) {
  return <div class="action-bar">{children}</div>
}
