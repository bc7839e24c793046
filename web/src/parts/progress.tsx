import { useEffect, useState } from 'preact/hooks'
import type { RunView } from '../../../worker/src/api/views/run.ts'
import { bytes, count, countOf, seconds } from '../format.ts'

/** How far the current step of a run is. */
type StepProgress = Omit<RunView['progress'], 'step'>

/** A bar that fills up, or that moves to and fro while it is not known how much there is. */
export function Bar({ label, done, total }: { label: string; done: number; total: number | null }) {
  const known = total !== null && total > 0
  const part = known ? Math.min(1, done / total) : 0
  return (
    <div class={known ? 'bar' : 'bar unknown'}>
      <progress class="hidden" aria-label={label} {...(known ? { value: Math.min(done, total), max: total } : {})} />
      <span aria-hidden="true" style={known ? { transform: `scaleX(${part})` } : {}} />
    </div>
  )
}

/** `40,000 of 100,000 rows`; empty before anything is done. */
export function amountWords({ done, total, unit }: StepProgress): string {
  if (done === 0) return ''
  if (unit === 'bytes') return total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`
  const one = unit === 'rows' ? 'row' : 'change'
  return total === null ? countOf(done, one) : `${count(done)} of ${countOf(total, one)}`
}

/** The least time after which a rate says anything, in milliseconds. */
const RATE_AFTER = 2000

/** The rate of a step and the time that it still takes, or how long it has taken so far. It moves each second. */
export function Pace({ done, total, unit, startedAt }: StepProgress) {
  const now = useClock()
  const passed = Math.max(0, now - Date.parse(startedAt))
  if (passed < RATE_AFTER || done === 0) return <span class="muted numbers">{seconds(passed)}</span>
  const rate = (done / passed) * 1000
  const each = unit === 'bytes' ? `${bytes(Math.round(rate))}/s` : `${count(Math.round(rate))} ${unit}/s`
  const left = total === null ? `for ${seconds(passed)}` : leftWords(((total - done) / rate) * 1000)
  return (
    <span class="muted numbers">
      {each} · {left}
    </span>
  )
}

function leftWords(ms: number): string {
  return ms < 1000 ? 'almost done' : `about ${seconds(ms)} left`
}

function useClock(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
