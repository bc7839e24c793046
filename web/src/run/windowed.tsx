import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** How far from the view rows are shown, in pixels, so that quick scrolling meets rows and not blanks. */
const AHEAD = 1500

interface WindowedProps {
  /** How high the rows are expected to be, in pixels, before they have been shown. */
  height: number
  /** How many columns the table has. */
  columns: number
  /** Whether the rows are shown before it is known where the view is. */
  near: boolean
  children: () => ComponentChildren
}

/**
 * A part of a long table. Its rows are in the page only while they are near the view; otherwise a blank as high as they
 * are keeps their place, so that a list of any length scrolls smoothly.
 */
export function WindowedRows({ height, columns, near: first, children }: WindowedProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const measured = useRef(height)
  const [near, setNear] = useState(first)
  useEffect(() => {
    const { current } = body
    if (current === null) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return
        if (!entry.isIntersecting) measured.current = entry.boundingClientRect.height
        setNear(entry.isIntersecting)
      },
      { rootMargin: `${AHEAD}px 0px` },
    )
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return (
    <tbody ref={body}>
      {near ? (
        children()
      ) : (
        <tr>
          <td colSpan={columns} class="blank" style={{ height: `${measured.current}px` }} />
        </tr>
      )}
    </tbody>
  )
}

/** A button for the next page of a list, which is pressed by itself once it comes near the view. */
export function MoreWhenSeen({ more, loading }: { more: () => void; loading: boolean }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const { current } = button
    if (current === null || loading) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && more(), {
      rootMargin: `${AHEAD}px 0px`,
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [more, loading])
  return (
    <p class="center">
      <button type="button" ref={button} disabled={loading} onClick={more}>
        Show more
      </button>
    </p>
  )
}
