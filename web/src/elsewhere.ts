import { useEffect, useRef } from 'preact/hooks'
import type { OverviewView } from '../../worker/src/api/views/overview.ts'
import { readAgain } from './client.ts'

/**
 * Has everything read again when something may have changed without these pages: when the viewer comes back to their tab,
 * and when a run that was started elsewhere begins or ends, which the overview tells.
 */
export function useElsewhere(overview: OverviewView | null): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') readAgain()
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  const now = overview === null ? null : stateOf(overview)
  const before = useRef(now)
  useEffect(() => {
    if (before.current !== null && before.current !== now) readAgain()
    before.current = now
  }, [now])
}

/** Returns a text that is another once a source is switched, or a run of it begins, ends or is decided. */
function stateOf({ sources }: OverviewView): string {
  return sources
    .map(({ id, enabled, held, runs }) => [id, enabled, held?.runId, runs.at(-1)?.id, runs.at(-1)?.status].join(' '))
    .join()
}
