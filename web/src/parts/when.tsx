import { useEffect, useState } from 'preact/hooks'
import { ago, dateTime, dayTime, differs, VIEWER_ZONE } from '../format.ts'

/** An instant in the viewer’s zone and, where `zone` shows another time, in that zone as well. */
export function When({ at, zone = VIEWER_ZONE }: { at: string; zone?: string }) {
  if (!differs(at, zone)) return <time dateTime={at}>{dateTime(at)}</time>
  return (
    <time dateTime={at} class="stack">
      <span>{dateTime(at, zone)}</span>
      <span class="muted small">{dayTime(at)} for you</span>
    </time>
  )
}

/** An instant as seen from now, exact on hover; it keeps up with the clock. */
export function Ago({ at }: { at: string }) {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 30_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={dateTime(at)} class="nowrap">
      {ago(at, Date.now())}
    </time>
  )
}
