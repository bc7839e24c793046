import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { SessionView } from '../../worker/src/api/views.ts'

/** Who is signed in. */
export const SessionContext = createContext<SessionView | null>(null)

/** The session of the signed-in person; pages are only shown inside one. */
export function useSession(): SessionView {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('A page was shown outside a session')
  return session
}

/** What the person’s role allows (api: Roles); the API decides, the pages only hide what it would refuse. */
export function useMay(): { run: boolean; configure: boolean; editContacts: boolean } {
  const { role, managedRemotely } = useSession()
  const configure = role === 'administrator'
  const run = configure || role === 'manager'
  return { run, configure, editContacts: run && !managedRemotely }
}

const SIGNED_IN = 'signed-in'

/** Remembers whether somebody is signed in, for `wasSignedIn`. */
export function rememberSignedIn(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(SIGNED_IN, 'yes')
    else localStorage.removeItem(SIGNED_IN)
  } catch {
    // A browser may refuse to keep anything; a page then starts a little later.
  }
}

/** Whether somebody was signed in when this browser last showed the pages: the page is then loaded beside the session. */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(SIGNED_IN) !== null
  } catch {
    return false
  }
}
