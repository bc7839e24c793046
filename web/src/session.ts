import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { SessionView } from '../../worker/src/api/views/person.ts'

/** The session of the person who is signed in. */
export const SessionContext = createContext<SessionView | null>(null)

/** Returns the session of the signed-in person. Pages are only shown inside a session. */
export function useSession(): SessionView {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('A page was shown outside a session')
  return session
}

/**
 * Returns the permissions of the person’s role (api: Roles). The API enforces them; the pages only hide actions that it
 * would refuse.
 */
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
    // A browser may refuse to store anything. Then a page starts a little later.
  }
}

/**
 * Returns whether somebody was signed in when this browser last showed the pages. If so, the code of the page is loaded
 * at the same time as the session.
 */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(SIGNED_IN) !== null
  } catch {
    return false
  }
}
