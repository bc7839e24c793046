import { useEffect, useState } from 'preact/hooks'
import type { ParameterOf } from '../../worker/src/api/route.ts'
import { addressAt } from './address.ts'

/** Where the viewer is: a path without its query, and the query. */
export interface Place {
  path: string
  query: URLSearchParams
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
let mayLeave: (() => boolean) | null = null

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

/** Opens one of our pages, such as `/runs/1`. With `replace` it replaces the current one in the history. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (mayLeave !== null && !mayLeave()) return
  arrive(to, () => {
    if (options.replace === true) history.replaceState(null, '', to)
    else history.pushState(null, '', to)
  })
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

function openAfresh(to: string): void {
  leaving = true
  location.assign(to)
}

/** Writes filters into the address without a new entry in the history, so that a reload or a link keeps them. */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''))
  history.replaceState(null, '', query.size === 0 ? location.pathname : `${location.pathname}?${query}`)
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
    const wentBack = () => arrive(location.href, () => {})
    const point = ({ target }: Event) => {
      const link = ownLink(target)
      // An error is ignored here: the page reports it when it is opened.
      if (link !== null) load(link.pathname)?.catch(() => {})
    }
    addEventListener('popstate', wentBack)
    document.addEventListener('click', followLink)
    document.addEventListener('pointerover', point)
    document.addEventListener('focusin', point)
    return () => {
      frame = null
      removeEventListener('popstate', wentBack)
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
  | '/sources'
  | '/sources/new'
  | '/sources/:id'
  | '/sources/:id/edit'
  | '/check'
  | '/runs'
  | '/runs/:id'
  | '/contacts'
  | '/contacts/new'
  | '/contacts/:key'
  | '/contacts/:key/edit'
  | '/groups'
  | '/fields'
  | '/users'
  | '/account'
  | '/notifications'
  | '/settings'
  | '/settings/audit'
  | '/settings/erasures'
  | '/settings/tokens'

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
    const guard = () => confirm('Leave without saving your changes?')
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

/** Names the page in the browser’s tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Muster`
  }, [title])
}
