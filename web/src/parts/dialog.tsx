import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ApiProblem } from '../problem.ts'
import { ProblemNotice } from './notice.tsx'

interface DialogProps {
  title: string
  /** The label of the button that confirms. */
  confirm: string
  /** The label of the button that does not. */
  cancel?: string
  /** Whether confirming destroys something: the button is then filled red. */
  danger?: boolean
  busy: boolean
  problem: ApiProblem | null
  onConfirm: () => void
  onClose: () => void
  children: ComponentChildren
}

/** A question that must be answered before anything else; Escape and *Cancel* close it. */
export function Dialog({ title, confirm, cancel, danger, busy, problem, onConfirm, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    // A long text is read from its beginning, though the field that got the focus is at its end.
    if (heading.current !== null && (dialog.current?.scrollTop ?? 0) > 0) {
      // Not before: the dialog gives the focus to the first thing that can have it.
      heading.current.tabIndex = -1
      heading.current.focus()
    }
    // The dialog leaves the page instead of being closed, so the browser does not give focus back by itself.
    return () => queueMicrotask(() => giveFocusBack(before))
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm()
        }}
      >
        <h2 id={titleId} ref={heading}>
          {title}
        </h2>
        <ProblemNotice problem={problem} />
        {children}
        <div class="actions end">
          <button type="button" onClick={onClose}>
            {cancel ?? 'Cancel'}
          </button>
          <button type="submit" class={danger === true ? 'danger' : 'primary'} disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function giveFocusBack(before: Element | null): void {
  if (before instanceof HTMLElement && before.isConnected) before.focus()
  else document.getElementById('main')?.focus({ preventScroll: true })
}
