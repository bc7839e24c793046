import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { ApiProblem } from '../problem.ts'
import { ProblemNotice } from './notice.tsx'

interface DialogProps {
  title: string
  /** The label of the button that confirms. */
  confirm: string
  /** The label of the button that does not; null where there is nothing left to cancel. */
  cancel?: string | null
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
  // The action may be older than the dialog, and have failed when it was asked for before.
  const [old] = useState(problem)
  const focusHeading = () => {
    if (heading.current === null) return
    // Not before: the dialog gives the focus to the first thing that can have it.
    heading.current.tabIndex = -1
    heading.current.focus()
  }
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    // A long text is read from its beginning, though the field that got the focus is at its end.
    if ((dialog.current?.scrollTop ?? 0) > 0) focusHeading()
    // The dialog leaves the page instead of being closed, so the browser does not give focus back by itself.
    return () => queueMicrotask(() => giveFocusBack(before))
  }, [])
  useEffect(() => {
    // The button lost the focus while it could not be pressed. What is asked or said now begins at the heading.
    if (!busy && dialog.current?.contains(document.activeElement) === false) focusHeading()
  }, [busy])
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
        <ProblemNotice problem={problem === old ? null : problem} />
        {children}
        <div class="actions end">
          {cancel === null ? null : (
            <button type="button" onClick={onClose}>
              {cancel ?? 'Cancel'}
            </button>
          )}
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
