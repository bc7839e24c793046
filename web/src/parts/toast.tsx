import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem } from '../problem.ts'
import { Icon } from './icon.tsx'

interface Toast {
  id: number
  text: string
  undo: (() => Promise<void> | void) | null
}

/** How long a toast stays, in milliseconds; one that can be undone stays longer. It stays while somebody points at it. */
const STAYS = 6_000
const STAYS_WITH_UNDO = 12_000

let next = 0
let show: ((toast: Toast) => void) | null = null

/** Says in a few words what was done. With `undo` it offers to take that back: never for a decision about a run. */
export function toast(text: string, { undo }: { undo?: () => Promise<void> | void } = {}): void {
  next++
  show?.({ id: next, text, undo: undo ?? null })
}

/** The place of the toasts, once in the frame. */
export function Toasts() {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    show = (toast) => setToasts((before) => [...before.slice(-2), toast])
    return () => {
      show = null
    }
  }, [])
  useEffect(() => {
    // Shown anew for each, so that it lies over a dialog that was opened since.
    place.current?.hidePopover()
    if (toasts.length > 0) place.current?.showPopover()
  }, [toasts])
  const end = (id: number) => setToasts((before) => before.filter((toast) => toast.id !== id))
  return (
    <div class="toasts" role="status" popover="manual" ref={place}>
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} onEnd={() => end(toast.id)} />
      ))}
    </div>
  )
}

function OneToast({ toast, onEnd }: { toast: Toast; onEnd: () => void }) {
  const [held, setHeld] = useState(false)
  const { text, undo } = toast
  useEffect(() => {
    if (held) return
    const timer = setTimeout(onEnd, undo === null ? STAYS : STAYS_WITH_UNDO)
    return () => clearTimeout(timer)
  }, [held])
  const takeBack = async () => {
    onEnd()
    try {
      await undo?.()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      showProblem(error)
    }
  }
  return (
    // A toast under the pointer, or with the focus, stays longer.
    <div
      class="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusCapture={() => setHeld(true)}
      onBlurCapture={() => setHeld(false)}
    >
      <p>{text}</p>
      {undo === null ? null : (
        <button type="button" onClick={takeBack}>
          Undo
        </button>
      )}
      <button type="button" class="bare" onClick={onEnd}>
        <Icon name="close" />
        <span class="hidden">Close</span>
      </button>
    </div>
  )
}

function showProblem({ message }: ApiProblem): void {
  toast(`It could not be undone: ${message}`)
}
