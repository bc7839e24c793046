import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Page } from '../../worker/src/api/views/answer.ts'
import {
  type Answer,
  addressOf,
  type Given,
  get,
  getAll,
  getPage,
  type Item,
  type ListPath,
  onWritten,
  type ReadPath,
} from './client.ts'
import { ApiProblem } from './problem.ts'
import { historyEntry } from './router.ts'

/** Data that a page reads. The previous data stays until the next answer arrives, so that the page does not jump. */
export interface Loaded<T> {
  data: T | null
  problem: ApiProblem | null
  loading: boolean
  reload: () => void
}

/** Reads the resource at `path`, and again after each write. Reads nothing while `given` is null. */
export function useLoad<P extends ReadPath>(path: P, given: Given<'get', P> | null): Loaded<Answer<'get', P>> {
  const key = given === null ? null : addressOf(path, given)
  return useRead(key, async (signal) => (given === null ? null : get(path, given, signal)))
}

/** Reads the whole list at `path`, however long it is, and again after each write. */
export function useAll<P extends ListPath>(path: P, given: Given<'get', P>): Loaded<Item<P>[]> {
  return useRead(addressOf(path, given), (signal) => getAll(path, given, signal))
}

/** A list read page by page; `more` is null at its end. */
export interface Listed<T> {
  items: T[] | null
  /** How many items there are; null where the API does not count them. */
  total: { count: number; more: boolean } | null
  problem: ApiProblem | null
  loading: boolean
  more: (() => void) | null
  reload: () => void
}

interface ReadPart<T> extends Page<T> {
  total?: { count: number; more: boolean }
  key: string
}

/** What lists showed when the viewer left them, so that Back shows them at once and as long as they were. */
const kept = new Map<string, ReadPart<unknown>>()
const MOST_KEPT = 30

function keep(id: string, part: ReadPart<unknown>): void {
  kept.delete(id)
  kept.set(id, part)
  const [oldest] = kept.keys()
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
}

/**
 * Reads the list at `path` page by page; another path or query starts at the first page again. A list that the viewer comes
 * back to in the history is as long as it was.
 */
export function useList<P extends ListPath>(path: P, given: Given<'get', P>): Listed<Item<P>> {
  const key = addressOf(path, given)
  const [entry] = useState(historyEntry)
  const id = `${entry} ${key}`
  // The key has the path, and the path has the type.
  const before = kept.get(id) as ReadPart<Item<P>> | undefined
  const shown = useRef({ key, count: before?.items.length ?? 0 })
  const { data, change, ...first } = useRead<ReadPart<Item<P>>>(
    key,
    async (signal) => {
      // When the list is read again, as many items as were shown stay on the page. A page may be empty though others follow.
      const count = shown.current.key === key ? Math.max(1, shown.current.count) : 1
      const start: Page<Item<P>> = await getPage(path, given, '', signal)
      let page = start
      while (page.next !== null && page.items.length < count)
        page = joined(page, await getPage(path, given, page.next, signal))
      return { ...start, ...page, key }
    },
    before,
  )
  shown.current = { key: data?.key ?? key, count: data?.items.length ?? 0 }
  if (data?.key === key) keep(id, data)
  const more = useAction(async (cursor: string) => {
    const page = await getPage(path, given, cursor)
    change((now) => (now === data && now !== null ? { ...now, ...joined(now, page) } : now))
  })
  const next = data?.next ?? null
  return {
    items: data?.items ?? null,
    total: data?.total ?? null,
    problem: first.problem ?? more.problem,
    loading: first.loading || more.busy,
    more: next === null ? null : () => more.run(next),
    reload: first.reload,
  }
}

function joined<T>(page: Page<T>, following: Page<T>): Page<T> {
  return { items: [...page.items, ...following.items], next: following.next }
}

/**
 * Reads again `every` milliseconds after each answer, so that a slow answer is not cut off. Does not read again if
 * null.
 */
export function useRefresh(
  { loading, reload }: Pick<Loaded<unknown>, 'loading' | 'reload'>,
  every: number | null,
): void {
  useEffect(() => {
    if (every === null || loading) return
    const timer = setTimeout(() => {
      // Nobody looks at a tab in the background, and reading for it would keep its session from ending. Everything is
      // read again once the viewer comes back to it.
      if (document.visibilityState !== 'hidden') reload()
    }, every)
    return () => clearTimeout(timer)
  }, [every, loading, reload])
}

interface Read<T> extends Loaded<T> {
  /** Changes the data in memory, without reading it again. */
  change: (change: (data: T | null) => T | null) => void
}

/**
 * Calls `read` for each new `key` (null: nothing yet), after each write, and when `reload` is called. `before` is shown until
 * the first answer.
 */
function useRead<T>(
  key: string | null,
  read: (signal: AbortSignal) => Promise<T | null>,
  before: T | null = null,
): Read<T> {
  const [state, setState] = useState<{ data: T | null; problem: ApiProblem | null }>({ data: before, problem: null })
  const [loading, setLoading] = useState(key !== null)
  const [turn, setTurn] = useState(0)
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  useEffect(() => onWritten(reload), [reload])
  useEffect(() => {
    if (key === null) return
    const abort = new AbortController()
    const finish = (next: (before: typeof state) => typeof state) => {
      if (abort.signal.aborted) return
      setState(next)
      setLoading(false)
    }
    setLoading(true)
    read(abort.signal).then(
      (data) => finish(() => ({ data, problem: null })),
      (error: unknown) => finish((before) => ({ ...before, problem: asProblem(error) })),
    )
    return () => abort.abort()
  }, [key, turn])
  const change = (by: (data: T | null) => T | null) => setState((before) => ({ ...before, data: by(before.data) }))
  return { ...state, loading, reload, change }
}

/** The action of a button. `run` returns the answer, or undefined if the call failed; `problem` then has the reason. */
export interface Action<A extends unknown[], T> {
  run: (...args: A) => Promise<T | undefined>
  busy: boolean
  problem: ApiProblem | null
}

/** Wraps a call to the API for a button or a form. One call runs at a time, and its problem is kept to be shown. */
export function useAction<A extends unknown[], T>(call: (...args: A) => Promise<T>): Action<A, T> {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const pressed = useRef<Element | null>(null)
  useEffect(() => {
    // A button that cannot be pressed meanwhile loses the focus, and gets it back.
    const before = pressed.current
    if (!busy && before instanceof HTMLElement && document.activeElement === document.body)
      before.focus({ preventScroll: true })
  }, [busy])
  const run = async (...args: A) => {
    if (busy) return undefined
    pressed.current = document.activeElement
    setBusy(true)
    setProblem(null)
    try {
      return await call(...args)
    } catch (error) {
      setProblem(asProblem(error))
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { run, busy, problem }
}

/** Returns an error as the reason why a call failed. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem(0, 'internal', error instanceof Error ? error.message : String(error), [], null)
}

/** Returns the last `value` that did not change for `ms` milliseconds. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
