import { useEffect, useRef, useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views/run.ts'
import { addressOf, readAgain } from '../client.ts'
import { type Loaded, useLoad, useRefresh } from '../load.ts'
import { isActive } from '../words.ts'

type Step = Pick<RunView['progress'], 'done' | 'total' | 'unit' | 'startedAt'> & { step: string }

/**
 * Returns a run and follows its progress: through server-sent events, or by reading it every second if the events do not
 * arrive. A held run is read again from time to time, because somebody else may decide.
 */
export function useLiveRun(id: string): Loaded<RunView> {
  const [every, setEvery] = useState<number | null>(null)
  const [reported, setReported] = useState<Step | null>(null)
  const loaded = useLoad('/api/runs/:id', { id })
  useRefresh(loaded, every)
  const { data, reload } = loaded
  const status = data?.status
  const active = status !== undefined && isActive(status)
  useEffect(() => {
    setEvery(status === 'held' ? 5000 : null)
    if (!active) return
    const events = new EventSource(addressOf('/api/runs/:id/events', { id }))
    events.addEventListener('progress', ({ data: text }) => setReported(stepOf(text)))
    events.addEventListener('status', reload)
    events.addEventListener('error', () => {
      // The server ends a long stream, and the browser opens it again by itself unless it was refused.
      if (events.readyState === EventSource.CLOSED) setEvery(1000)
      reload()
    })
    return () => events.close()
  }, [id, active, status === 'held', reload])
  // A decision can be made and done between two readings, so that nobody saw the run active.
  const state = data === null ? null : `${data.status} ${data.decision?.at}`
  const before = useRef(state)
  useEffect(() => {
    if (before.current !== null && before.current !== state && !active) readAgain()
    before.current = state
  }, [state])
  // Reads the run again when the events report another step: their numbers do not belong to the step that was read.
  useEffect(() => {
    if (reported !== null && reported.step !== status) reload()
  }, [reported?.step, status, reload])
  if (data === null || reported === null || reported.step !== status) return loaded
  return { ...loaded, data: { ...data, progress: { ...reported, step: data.progress.step } } }
}

function stepOf(text: unknown): Step | null {
  try {
    const event: unknown = JSON.parse(String(text))
    if (typeof event !== 'object' || event === null) return null
    if (!('step' in event && 'done' in event && 'total' in event)) return null
    return 'unit' in event && 'startedAt' in event ? (event as Step) : null
  } catch {
    return null
  }
}
