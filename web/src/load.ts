import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Page } from '../../worker/src/api/views.ts'
import { ApiProblem, get, withQuery } from './api.ts'

/** What a page reads. What was read before stays until the answer to the next call is there, so that nothing jumps. */
export interface Loaded<T> {
  data: T | null
  problem: ApiProblem | null
  loading: boolean
  reload: () => void
}

/** Reads `path` (null: nothing yet) and reads it again every `every` milliseconds where that is given. */
export function useLoad<T>(path: string | null, every: number | null = null): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; problem: ApiProblem | null }>({ data: null, problem: null })
  const [loading, setLoading] = useState(path !== null)
  const [turn, setTurn] = useState(0)
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    setLoading(true)
    get<T>(path, abort.signal)
      .then((data) => setState({ data, problem: null }))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, problem: asProblem(error) }))
      })
      .finally(() => {
        if (!abort.signal.aborted) setLoading(false)
      })
    return () => abort.abort()
  }, [path, turn])
  useEffect(() => {
    if (every === null) return
    const timer = setInterval(reload, every)
    return () => clearInterval(timer)
  }, [every, reload])
  return { ...state, loading, reload }
}

/** A list read page by page; `more` is null at its end. */
export interface Listed<T> {
  items: T[] | null
  problem: ApiProblem | null
  loading: boolean
  more: (() => void) | null
  reload: () => void
}

/** Reads the list at `path` with `parameters`; a change of either starts at the first page again. */
export function useList<T>(path: string, parameters: Record<string, string> = {}): Listed<T> {
  const address = withQuery(path, parameters)
  const first = useLoad<Page<T>>(address)
  const [rest, setRest] = useState<{ of: Page<T> | null; items: T[]; next: string | null }>(nothing)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState(false)
  const current = useRef<Page<T> | null>(null)
  current.current = first.data
  const read = rest.of === first.data && first.data !== null
  const next = read ? rest.next : (first.data?.next ?? null)
  const more = async () => {
    if (next === null || busy) return
    const start = first.data
    setBusy(true)
    setProblem(null)
    try {
      const page = await get<Page<T>>(withQuery(path, { ...parameters, cursor: next }))
      if (current.current !== start) return
      setRest({ of: start, items: [...(read ? rest.items : []), ...page.items], next: page.next })
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return {
    items: first.data === null ? null : [...first.data.items, ...(read ? rest.items : [])],
    problem: first.problem ?? problem,
    loading: first.loading || busy,
    more: next === null ? null : more,
    reload: first.reload,
  }
}

function nothing<T>(): { of: Page<T> | null; items: T[]; next: string | null } {
  return { of: null, items: [], next: null }
}

/** Something a button does. `run` gives the answer, or undefined where it failed; the reason is then in `problem`. */
export interface Action<A extends unknown[], T> {
  run: (...args: A) => Promise<T | undefined>
  busy: boolean
  problem: ApiProblem | null
}

/** Wraps a call to the API for a button or a form: one at a time, and its problem kept for showing. */
export function useAction<A extends unknown[], T>(call: (...args: A) => Promise<T>): Action<A, T> {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const run = async (...args: A) => {
    if (busy) return undefined
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

function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem(0, 'internal', error instanceof Error ? error.message : String(error), [], null)
}

/** `value` as it stood when it last rested for `ms` milliseconds. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
