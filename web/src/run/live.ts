import { useEffect, useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views.ts'
import { addressOf } from '../client.ts'
import { type Loaded, useLoad, useRefresh } from '../load.ts'
import { isActive } from '../words.ts'

type Step = Pick<RunView['progress'], 'done' | 'total'> & { step: string }

/**
 * A run as it goes on: told by server-sent events, or read every second where those do not come through.
 * A held run is read now and then, since somebody else may decide.
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
      events.close()
      setEvery(1000)
      reload()
    })
    return () => events.close()
  }, [id, active, status === 'held', reload])
  // The numbers of another step would be wrong; what was read then counts.
  useEffect(() => {
    if (reported !== null && reported.step !== status) reload()
  }, [reported?.step, status, reload])
  if (data === null || reported === null || reported.step !== status) return loaded
  return { ...loaded, data: { ...data, progress: { ...data.progress, done: reported.done, total: reported.total } } }
}

function stepOf(text: unknown): Step | null {
  try {
    const event: unknown = JSON.parse(String(text))
    if (typeof event !== 'object' || event === null) return null
    if (!('step' in event && 'done' in event && 'total' in event)) return null
    const { step, done, total } = event
    if (typeof step !== 'string' || typeof done !== 'number' || typeof total !== 'number') return null
    return { step, done, total }
  } catch {
    return null
  }
}
