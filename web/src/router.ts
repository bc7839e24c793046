import { useEffect, useState } from 'preact/hooks'

/** Where the viewer is: a path without its query, and the query. */
export interface Place {
  path: string
  query: URLSearchParams
}

const listeners = new Set<() => void>()
let mayLeave: (() => boolean) | null = null

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

/** Opens a page of ours, such as `/runs/1`; with `replace` it takes the place of the current one in the history. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (mayLeave !== null && !mayLeave()) return
  if (options.replace === true) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  for (const listener of listeners) listener()
}

/** Writes filters into the address without a new entry in the history, so that a reload or a link keeps them. */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''))
  history.replaceState(null, '', query.size === 0 ? location.pathname : `${location.pathname}?${query}`)
}

/** The current place. Ordinary `<a href>` links to our own pages are followed without a reload. */
export function usePlace(): Place {
  const [place, setPlace] = useState(here)
  useEffect(() => {
    const changed = () => setPlace(here())
    listeners.add(changed)
    addEventListener('popstate', changed)
    document.addEventListener('click', followLink)
    return () => {
      listeners.delete(changed)
      removeEventListener('popstate', changed)
      document.removeEventListener('click', followLink)
    }
  }, [])
  return place
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return
  if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#') === true) return
  event.preventDefault()
  go(link.pathname + link.search)
}

/** The named parts of `path` under a pattern such as `/runs/:id`, or null where it does not fit. */
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
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
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
