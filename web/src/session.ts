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
