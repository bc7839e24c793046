import { useEffect, useState } from 'preact/hooks'
import type { ParameterOf } from '../../worker/src/api/route.ts'
import { addressAt } from './address.ts'

/** Where the viewer is: a path without its query, the query, and the entry of the browser's history. */
export interface Place {
  path: string
  query: URLSearchParams
  entry: string
}

/** What the history of the browser keeps of a page: an ID, and its place among the other pages. */
interface Entry {
  id: string
  index: number
}

/** Loads the code of the page at a path. Returns null if it is already loaded. */
export type Loader = (path: string) => Promise<void> | null

/** Whether the page of the place is shown, is loading, or could not be loaded. */
type Progress = 'shown' | 'loading' | 'failed'

interface Frame {
  load: Loader
  show: (place: Place) => void
  wait: () => void
}

let frame: Frame | null = null
let asked = 0
let leaving = false
/** Asks whether to leave unsaved changes; null while there are none. */
let mayLeave: (() => Promise<boolean>) | null = null
let entry: Entry | null = null
/** How far down the pages of the history were scrolled when they were left, in pixels, by the ID of their entry. */
const scrolled = new Map<string, number>()

/** Addresses of earlier versions. A link in an old e-mail or a bookmark may lead there. */
const MOVED: Record<string, PagePath> = {
  '/overview': '/',
  '/fields': '/settings/fields',
  '/users': '/settings/users',
  '/notifications': '/settings/mail',
}

function newEntry(index: number): Entry {
  return { id: Math.random().toString(36).slice(2), index }
}

function entryOf(state: unknown): Entry | null {
  if (typeof state !== 'object' || state === null || !('id' in state && 'index' in state)) return null
  const { id, index } = state
  return typeof id === 'string' && typeof index === 'number' ? { id, index } : null
}

function currentEntry(): Entry {
  entry ??= entryOf(history.state) ?? newEntry(0)
  return entry
}

/** Returns the ID of the current page in the history: the same again when the viewer comes back to it. */
export function historyEntry(): string {
  return currentEntry().id
}

function here(): Place {
  const { pathname, search, hash } = location
  const path = MOVED[pathname] ?? pathname
  if (path !== pathname || history.state === null) history.replaceState(currentEntry(), '', path + search + hash)
  return { path, query: new URLSearchParams(search), entry: historyEntry() }
}

/** Opens one of our pages, such as `/runs/1`. With `replace` it replaces the current one in the history. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  const { pathname, search } = new URL(to, location.href)
  const address = (MOVED[pathname] ?? pathname) + search
  leave(() =>
    arrive(address, () => {
      const { id, index } = currentEntry()
      scrolled.set(id, scrollY)
      entry = newEntry(options.replace === true ? index : index + 1)
      if (options.replace === true) history.replaceState(entry, '', address)
      else history.pushState(entry, '', address)
    }),
  )
}

/** Calls `then`, unless there are unsaved changes and the viewer would rather keep them. */
export function leave(then: () => void): void {
  if (mayLeave === null) {
    then()
    return
  }
  void mayLeave().then((agreed) => {
    if (!agreed) return
    mayLeave = null
    then()
  })
}

/** Follows the browser's Back and Forward. */
function followHistory(): void {
  const from = currentEntry()
  const to = entryOf(history.state)
  // A link within the page, such as the one that skips the navigation.
  if (to === null || to.id === from.id) {
    entry = to ?? { id: from.id, index: from.index + 1 }
    history.replaceState(entry, '')
    return
  }
  if (mayLeave === null) {
    arrive(location.href, () => {
      scrolled.set(from.id, scrollY)
      entry = to
    })
    return
  }
  // The browser has gone there already, so it is sent back before the viewer is asked.
  const steps = to.index - from.index
  history.go(-steps)
  leave(() => history.go(steps))
}

/** What a viewer does to scroll or to use the page, after which its place is the viewer's. */
const USES = ['wheel', 'touchstart', 'keydown', 'pointerdown']

/**
 * Scrolls to where the page of `id` was left, as soon as it is long enough again: its lists may still be read, however long
 * that takes. A page that is new in the history is shown from its top. Returns what ends this.
 */
export function keepPlace(id: string): () => void {
  const top = scrolled.get(id) ?? 0
  scrollTo(0, 0)
  if (top === 0) return () => {}
  const growth = new ResizeObserver(() => {
    scrollTo(0, top)
    if (scrollY >= top - 1) stop()
  })
  const stop = () => {
    growth.disconnect()
    for (const event of USES) removeEventListener(event, stop)
  }
  for (const event of USES) addEventListener(event, stop, { passive: true })
  growth.observe(document.documentElement)
  return stop
}

/**
 * Shows the page at `to` once its code is loaded. Until then the previous page and its address stay. If the code cannot be
 * loaded, the browser loads the whole site again: after a deployment that brings the new pages.
 */
function arrive(to: string, enter: () => void, fail = () => openAfresh(to)): void {
  asked++
  const ours = asked
  const show = () => {
    if (ours !== asked) return
    enter()
    frame?.show(here())
  }
  const loading = frame?.load(new URL(to, location.href).pathname) ?? null
  if (loading === null) {
    show()
    return
  }
  frame?.wait()
  loading.then(show, () => {
    if (ours === asked) fail()
  })
}

/** Loads the whole site again at `to`, so that nothing of this page stays in memory. */
export function openAfresh(to: string): void {
  leaving = true
  location.assign(to)
}

/**
 * Writes filters into the address without a new entry in the history, so that a reload or a link keeps them. A blank one is
 * taken out; what is not named stays, such as the tab.
 */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(values)) {
    if (value === '') query.delete(name)
    else query.set(name, value)
  }
  history.replaceState(currentEntry(), '', query.size === 0 ? location.pathname : `${location.pathname}?${query}`)
}

/**
 * Returns the current place, and whether its page can be shown. Ordinary `<a href>` links to our own pages are followed
 * without a reload, and the code of a page is loaded as soon as the viewer points at a link to it.
 */
export function usePlace(load: Loader): { place: Place; progress: Progress } {
  const [state, setState] = useState<{ place: Place; progress: Progress }>(() => {
    const place = here()
    return { place, progress: load(place.path) === null ? 'shown' : 'loading' }
  })
  useEffect(() => {
    const set = (progress: Progress) => setState(({ place }) => ({ place, progress }))
    frame = { load, show: (place) => setState({ place, progress: 'shown' }), wait: () => set('loading') }
    // Opening the first page again could loop forever.
    arrive(
      location.href,
      () => {},
      () => set('failed'),
    )
    // The browser would scroll before the page is there.
    history.scrollRestoration = 'manual'
    const point = ({ target }: Event) => {
      const link = ownLink(target)
      // An error is ignored here: the page reports it when it is opened.
      if (link !== null) load(link.pathname)?.catch(() => {})
    }
    addEventListener('popstate', followHistory)
    document.addEventListener('click', followLink)
    document.addEventListener('pointerover', point)
    document.addEventListener('focusin', point)
    return () => {
      frame = null
      removeEventListener('popstate', followHistory)
      document.removeEventListener('click', followLink)
      document.removeEventListener('pointerover', point)
      document.removeEventListener('focusin', point)
    }
  }, [load])
  return state
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = ownLink(event.target)
  if (link === null) return
  event.preventDefault()
  go(link.pathname + link.search)
}

/** Returns the link around an element if it leads to one of our pages. */
function ownLink(target: EventTarget | null): HTMLAnchorElement | null {
  const link = target instanceof Element ? target.closest('a') : null
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin)
    return null
  if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#') === true) return null
  return link
}

/** The paths of the pages; `routes.tsx` maps each path to its page. */
export type PagePath =
  | '/'
  | '/sources'
  | '/sources/new'
  | '/sources/:id'
  | '/check'
  | '/runs'
  | '/runs/:id'
  | '/contacts'
  | '/contacts/new'
  | '/contacts/:key'
  | '/contacts/:key/edit'
  | '/groups'
  | '/groups/:id'
  | '/account'
  | '/settings'
  | '/settings/audit'
  | '/settings/erasures'
  | '/settings/fields'
  | '/settings/mail'
  | '/settings/mail/:id'
  | '/settings/tokens'
  | '/settings/users'

/** Returns the address of a page for a link: `hrefOf('/runs/:id', { id })`. */
export function hrefOf<P extends PagePath>(
  path: P,
  given: Record<ParameterOf<P>, string> & { query?: Record<string, string> },
): string {
  return addressAt(path, given)
}

/** Returns the named parts of `path` under a pattern such as `/runs/:id`, or null if the path does not match. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.replace(/\/+$/, '').split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? ''
    if (part.startsWith(':')) params[part.slice(1)] = decode(value)
    else if (part !== value) return null
  }
  return params
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Asks before the viewer leaves a page with unsaved changes. */
export function useLeaveGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return
    const guard = () => askToLeave()
    const warn = (event: BeforeUnloadEvent) => {
      // The viewer has already confirmed leaving.
      if (!leaving) event.preventDefault()
    }
    mayLeave = guard
    addEventListener('beforeunload', warn)
    return () => {
      if (mayLeave === guard) mayLeave = null
      removeEventListener('beforeunload', warn)
    }
  }, [unsaved])
}

let askToLeave: () => Promise<boolean> = () => Promise.resolve(true)

/** Sets the question that is asked before unsaved changes are left: `ask` gives true to leave. */
export function onLeave(ask: () => Promise<boolean>): () => void {
  askToLeave = ask
  return () => {
    askToLeave = () => Promise.resolve(true)
  }
}

/** Names the page in the browser’s tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Muster`
  }, [title])
}
