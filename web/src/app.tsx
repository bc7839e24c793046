import { useEffect, useRef } from 'preact/hooks'
import { del, onSignedOut } from './client.ts'
import { FieldsContext, useDefinitions } from './field/definitions.ts'
import { useLoad } from './load.ts'
import { ChoosePassword, LINK_PATHS } from './pages/choose-password.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { ConfirmIdentity } from './parts/confirm-identity.tsx'
import { Notice, ProblemNotice } from './parts/notice.tsx'
import { go, usePlace } from './router.ts'
import { loadPage, pageAt } from './routes.tsx'
import { rememberSignedIn, SessionContext } from './session.ts'

const NAVIGATION = [
  ['/sources', 'Sources'],
  ['/runs', 'Runs'],
  ['/contacts', 'Contacts'],
  ['/groups', 'Groups'],
  ['/fields', 'Fields'],
  ['/users', 'Users'],
  ['/notifications', 'Notifications'],
  ['/settings', 'Settings'],
] as const

/** Shows the sign-in page to a person who is not signed in, and the frame with the current page to everybody else. */
export function App() {
  const { data: session, problem, reload } = useLoad('/api/session', {})
  useEffect(() => onSignedOut(reload), [reload])
  useEffect(() => {
    if (problem?.status === 401) rememberSignedIn(false)
    else if (session !== null) rememberSignedIn(true)
  }, [session, problem])
  const link = LINK_PATHS.find((path) => path === location.pathname)
  if (link !== undefined) return <ChoosePassword path={link} onDone={reload} />
  if (problem?.status === 401) return <SignIn />
  if (session === null) return problem === null ? null : <ProblemNotice problem={problem} />
  return (
    <SessionContext.Provider value={session}>
      <Frame email={session.email ?? session.name} factorRequired={session.secondFactor === 'required'} />
    </SessionContext.Provider>
  )
}

function Frame({ email, factorRequired }: { email: string; factorRequired: boolean }) {
  const { place, progress } = usePlace(loadPage)
  const fields = useDefinitions()
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useEffect(() => {
    // Until the person has set up an authenticator app, the API answers nothing else.
    if (factorRequired && place.path !== '/account') go('/account')
  }, [factorRequired, place.path])
  useEffect(() => {
    // The browser places focus itself on the first page; after that a screen reader must hear that the page changed.
    if (!first.current) {
      main.current?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    first.current = false
  }, [place.path])
  const signOut = async () => {
    await del('/api/session', {})
    go('/')
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href="/sources">
            <img src="/favicon.svg" alt="" width="28" height="28" />
            Muster
          </a>
          <nav aria-label="Main">
            {NAVIGATION.map(([href, label]) => (
              <a key={href} href={href} aria-current={isUnder(place.path, href) ? 'page' : undefined}>
                {label}
              </a>
            ))}
          </nav>
          <div class="who">
            <a
              href="/account"
              title={`Your account: ${email}`}
              aria-current={place.path === '/account' ? 'page' : undefined}
            >
              {email}
            </a>
            <button type="button" class="link" onClick={signOut}>
              Sign out
            </button>
          </div>
        </div>
      </header>
      <ConfirmIdentity />
      <main id="main" tabIndex={-1} ref={main} inert={progress === 'loading'}>
        <FieldsContext.Provider value={fields}>
          {progress === 'failed' ? <NotLoaded /> : pageAt(place)}
        </FieldsContext.Provider>
      </main>
    </>
  )
}

function NotLoaded() {
  return (
    <Notice tone="bad" title="This page could not be loaded.">
      <p>Check your connection to the internet.</p>
      <button type="button" onClick={() => location.reload()}>
        Load it again
      </button>
    </Notice>
  )
}

function isUnder(path: string, href: string): boolean {
  return path.startsWith(href) || (path === '/' && href === '/sources')
}
