import { useEffect, useId, useRef } from 'preact/hooks'
import { SignInSteps } from './pages/sign-in.tsx'
import { openAfresh } from './router.ts'
import { useSession } from './session.ts'

/**
 * Asks for the password over the page when the session has ended. The page stays as it is behind it, with everything that was
 * typed, and the call that was refused is made again.
 */
export function SessionOver({ onSignedIn }: { onSignedIn: () => void }) {
  const { email } = useSession()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => queueMicrotask(() => before instanceof HTMLElement && before.focus())
  }, [])
  return (
    <dialog
      class="over"
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => event.preventDefault()}
      // A browser may let a second Escape close it all the same.
      onClose={() => dialog.current?.showModal()}
    >
      <h2 id={titleId}>Your session has ended</h2>
      <p>Sign in again to go on where you are. What you have typed is kept.</p>
      <SignInSteps fixed={email} onSignedIn={onSignedIn} />
      <p class="center">
        <button type="button" class="link" onClick={() => openAfresh(location.href)}>
          Sign in as somebody else
        </button>
      </p>
    </dialog>
  )
}
