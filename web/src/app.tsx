import { useEffect, useState } from 'preact/hooks'
import { onSessionOver } from './client.ts'
import { Frame } from './frame.tsx'
import { useLoad } from './load.ts'
import { ChoosePassword, LINK_PATHS } from './pages/choose-password.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { ProblemNotice } from './parts/notice.tsx'
import { rememberSignedIn, SessionContext } from './session.ts'
import { SessionOver } from './session-over.tsx'

/** Shows the sign-in page to a person who is not signed in, and the frame with the current page to everybody else. */
export function App() {
  const { data: session, problem, reload } = useLoad('/api/session', {})
  const [over, setOver] = useState<{ signedIn: () => void } | null>(null)
  const known = session !== null
  useEffect(
    () =>
      onSessionOver(() => {
        if (known) return new Promise((answer) => setOver({ signedIn: () => answer(true) }))
        reload()
        return Promise.resolve(false)
      }),
    [known, reload],
  )
  useEffect(() => {
    if (problem?.status === 401) rememberSignedIn(false)
    else if (known) rememberSignedIn(true)
  }, [known, problem])
  const link = LINK_PATHS.find((path) => path === location.pathname)
  if (link !== undefined) return <ChoosePassword path={link} onDone={reload} />
  if (session === null) {
    if (problem?.status === 401) return <SignIn />
    return problem === null ? null : <ProblemNotice problem={problem} />
  }
  return (
    <SessionContext.Provider value={session}>
      {/* Where nobody saw the end of a run, or another person changed a role, the next page knows it. */}
      <Frame factorRequired={session.secondFactor === 'required'} onArrive={reload} />
      {over === null ? null : (
        <SessionOver
          onSignedIn={() => {
            over.signedIn()
            setOver(null)
          }}
        />
      )}
    </SessionContext.Provider>
  )
}
