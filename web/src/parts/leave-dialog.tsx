import { useEffect, useState } from 'preact/hooks'
import { onLeave } from '../router.ts'
import { Dialog } from './dialog.tsx'

/** Asks whether to leave a page with unsaved changes. Once in the frame. */
export function LeaveDialog() {
  const [asked, setAsked] = useState<{ answer: (agreed: boolean) => void } | null>(null)
  useEffect(() => onLeave(() => new Promise((answer) => setAsked({ answer }))), [])
  if (asked === null) return null
  const end = (agreed: boolean) => {
    setAsked(null)
    asked.answer(agreed)
  }
  return (
    <Dialog
      title="Leave without saving your changes?"
      confirm="Leave"
      cancel="Stay"
      danger
      busy={false}
      problem={null}
      onConfirm={() => end(true)}
      onClose={() => end(false)}
    >
      <p>What you changed on this page is not saved yet.</p>
    </Dialog>
  )
}
