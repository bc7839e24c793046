import { type ComponentChildren, Fragment } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { del } from './client.ts'
import { useElsewhere } from './elsewhere.ts'
import { FieldsContext, useDefinitions } from './field/definitions.ts'
import { count } from './format.ts'
import { type Destination, isUnder, PAGES, SETTINGS } from './navigation.ts'
import { OverviewContext, useOverview, useOverviewReading } from './overview.ts'
import { ConfirmIdentity } from './parts/confirm-identity.tsx'
import { useKeptFocus } from './parts/focus.ts'
import { Icon } from './parts/icon.tsx'
import { LeaveDialog } from './parts/leave-dialog.tsx'
import { Notice } from './parts/notice.tsx'
import { Toasts } from './parts/toast.tsx'
import { go, keepPlace, leave, openAfresh, type Place, usePlace } from './router.ts'
import { loadPage, pageAt, pageKey } from './routes.tsx'
import { useSession } from './session.ts'
import { type Opened, useShortcuts } from './shortcuts.ts'

type Commands = typeof import('./commands.tsx')

interface FrameProps {
  factorRequired: boolean
  /** Called when another page is shown. */
  onArrive: () => void
}

/** The frame of all pages of a person who is signed in: the navigation, and the current page beside it. */
export function Frame({ factorRequired, onArrive }: FrameProps) {
  const { place, progress } = usePlace(loadPage)
  const fields = useDefinitions()
  const overview = useOverviewReading(!factorRequired)
  useElsewhere(overview.data)
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  const [opened, setOpened] = useState<Opened | null>(null)
  useShortcuts(setOpened)
  useKeptFocus()
  useEffect(() => {
    // Until the person has set up an authenticator app, the API answers nothing else.
    if (factorRequired && place.path !== '/account') go('/account')
  }, [factorRequired, place.path])
  useEffect(() => {
    // The browser places focus itself on the first page; after that a screen reader must hear that the page changed.
    if (first.current) {
      first.current = false
      return
    }
    // A run that ended unseen can have changed what needs a person.
    overview.reload()
    onArrive()
    main.current?.focus({ preventScroll: true })
    return keepPlace(place.entry)
  }, [place.entry])
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <OverviewContext.Provider value={overview}>
        <Navigation place={place} onOpen={setOpened} />
        <main id="main" tabIndex={-1} ref={main} inert={progress === 'loading'}>
          <FieldsContext.Provider value={fields}>
            {progress === 'failed' ? <NotLoaded /> : <Fragment key={pageKey(place)}>{pageAt(place)}</Fragment>}
          </FieldsContext.Provider>
        </main>
      </OverviewContext.Provider>
      <ConfirmIdentity />
      <LeaveDialog />
      <Toasts />
      {opened === null ? null : <OnDemand opened={opened} onClose={() => setOpened(null)} />}
    </div>
  )
}

interface NavigationProps {
  place: Place
  onOpen: (what: Opened) => void
}

/** A rail beside the page, or a bar with a menu above it where the window is narrow. */
function Navigation({ place: { path, entry }, onOpen }: NavigationProps) {
  const { name, email, role } = useSession()
  const needed = useOverview().data?.items.length ?? 0
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => menu.current?.hidePopover(), [entry])
  const allowed = ({ only }: Destination) => only === undefined || only === role
  const inSettings = SETTINGS.some((page) => isUnder(path, page))
  const signOut = () =>
    leave(async () => {
      await del('/api/session', {})
      openAfresh('/')
    })
  const press = (what: Opened) => {
    menu.current?.hidePopover()
    onOpen(what)
  }
  return (
    <nav class="rail" aria-label="Main">
      <a class="brand" href="/">
        <img src="/favicon.svg" alt="" width="24" height="24" />
        Muster
      </a>
      <button type="button" class="bare" popovertarget="rail-menu">
        {needed > 0 ? (
          <span class="badge" aria-hidden="true">
            {count(needed)}
          </span>
        ) : null}
        <Icon name="menu" />
        <span class="hidden">Menu</span>
      </button>
      <div class="rail-menu" id="rail-menu" popover="auto" ref={menu}>
        <button type="button" class="rail-button" onClick={() => press('commands')}>
          <Icon name="search" />
          Go to …<kbd>Ctrl K</kbd>
        </button>
        <ul>
          {PAGES.map((page) => (
            <Item key={page.href} page={page} path={path}>
              {page.href === '/' && needed > 0 ? (
                <span class="badge">
                  {count(needed)}
                  <span class="hidden"> need you</span>
                </span>
              ) : null}
            </Item>
          ))}
        </ul>
        <ul class="rail-end">
          <li>
            <a href="/settings" aria-current={path === '/settings' ? 'page' : undefined}>
              <Icon name="settings" />
              Settings
            </a>
          </li>
          {inSettings
            ? SETTINGS.filter(allowed)
                .slice(1)
                .map((page) => <Item key={page.href} page={page} path={path} under />)
            : null}
          <li>
            <a
              href="/account"
              title={`Your account: ${email ?? name}`}
              aria-current={path === '/account' ? 'page' : undefined}
            >
              <Icon name="user" />
              <span>{email ?? name}</span>
            </a>
          </li>
          <li>
            <button type="button" class="rail-button" onClick={() => press('help')}>
              <Icon name="help" />
              Keyboard shortcuts
            </button>
          </li>
          <li>
            <button type="button" class="rail-button" onClick={signOut}>
              <Icon name="sign-out" />
              Sign out
            </button>
          </li>
        </ul>
      </div>
    </nav>
  )
}

interface ItemProps {
  page: Destination
  path: string
  under?: boolean
  children?: ComponentChildren
}

function Item({ page, path, under, children }: ItemProps) {
  return (
    <li>
      <a
        href={page.href}
        class={under === true ? 'under' : undefined}
        aria-current={isUnder(path, page) ? 'page' : undefined}
      >
        {under === true ? null : <Icon name={page.icon} />}
        {page.label}
        {children}
      </a>
    </li>
  )
}

/** The command menu or the list of shortcuts, whose code is loaded when it is first opened. */
function OnDemand({ opened, onClose }: { opened: Opened; onClose: () => void }) {
  const [code, setCode] = useState<Commands | null>(null)
  const typed = useTyped(code === null && opened === 'commands', onClose)
  useEffect(() => {
    // Without a network nothing opens, as no page would.
    import('./commands.tsx').then(setCode, onClose)
  }, [])
  if (code === null) return null
  if (opened === 'help') return <code.ShortcutList onClose={onClose} />
  return <code.CommandMenu begun={typed.current} onClose={onClose} />
}

/** Keeps what is typed while it is `waiting` for the field that it is typed for. Escape gives up. */
function useTyped(waiting: boolean, onEscape: () => void): { readonly current: string } {
  const typed = useRef('')
  useLayoutEffect(() => {
    if (!waiting) return
    const keep = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey } = event
      if (ctrlKey || metaKey) return
      if (key === 'Escape') onEscape()
      else if (key === 'Backspace') typed.current = typed.current.slice(0, -1)
      else if (key.length === 1) typed.current += key
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    document.addEventListener('keydown', keep, true)
    return () => document.removeEventListener('keydown', keep, true)
  }, [waiting])
  return typed
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
