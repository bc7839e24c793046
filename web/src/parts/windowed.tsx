import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** How far from the view rows are shown, in pixels, so that quick scrolling meets rows and not blanks. */
const AHEAD = 1500
/** How many rows come and go together: so few that a part is no stall. */
const ROWS = 25
/** How many parts are shown before it is known where the view is. */
const FIRST = 2
/** How high a row is taken to be before one has been measured, in pixels: a line of text, with a mouse. */
const ROW_HEIGHT = 36

interface WindowedProps<T> {
  items: readonly T[]
  /** How many columns the table has. */
  columns: number
  children: (items: readonly T[]) => ComponentChildren
}

/**
 * The bodies of a long table. Rows are in the page only while they are near the view; otherwise a blank as high as they are
 * keeps their place, so that a list of any length scrolls smoothly and grows in the same time.
 */
export function WindowedRows<T>({ items, columns, children }: WindowedProps<T>) {
  const first = useRef<HTMLTableSectionElement>(null)
  const [rowHeight, setRowHeight] = useState(ROW_HEIGHT)
  const parts = Math.ceil(items.length / ROWS)
  useLayoutEffect(() => {
    if (parts > FIRST && first.current !== null) setRowHeight(first.current.offsetHeight / ROWS)
  }, [parts > FIRST])
  return (
    <>
      {Array.from({ length: parts }, (_, at) => {
        const rows = items.slice(at * ROWS, (at + 1) * ROWS)
        return (
          <Part
            // The rows before a part never change while the list is read on.
            key={at}
            body={at === 0 ? first : undefined}
            columns={columns}
            height={rows.length * rowHeight}
            near={at < FIRST}
          >
            {() => children(rows)}
          </Part>
        )
      })}
    </>
  )
}

interface PartProps {
  body: RefObject<HTMLTableSectionElement | null> | undefined
  columns: number
  /** How high the rows are expected to be, in pixels, before they have been shown. */
  height: number
  /** Whether the rows are shown before it is known where the view is. */
  near: boolean
  children: () => ComponentChildren
}

function Part({ body, columns, height, near: first, children }: PartProps) {
  const own = useRef<HTMLTableSectionElement>(null)
  const part = body ?? own
  const measured = useRef<number | null>(null)
  const [near, setNear] = useState(first)
  useEffect(() => {
    const { current } = part
    if (current === null) return
    let change: (() => void) | undefined
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return
        const { isIntersecting, boundingClientRect } = entry
        if (!isIntersecting) measured.current = boundingClientRect.height
        forget(change)
        change = () => setNear(isIntersecting)
        changeInTurn(change)
      },
      { rootMargin: `${AHEAD}px 0px` },
    )
    observer.observe(current)
    return () => {
      observer.disconnect()
      forget(change)
    }
  }, [])
  return (
    <tbody ref={part}>
      {near ? (
        children()
      ) : (
        <tr class="blank">
          <td colSpan={columns} style={{ height: `${measured.current ?? height}px` }} />
        </tr>
      )}
    </tbody>
  )
}

/** The changes of parts that wait for a frame of their own: a jump brings several near at once, whose layout would be one stall. */
const waiting = new Set<() => void>()
let isAsked = false

function changeInTurn(change: () => void): void {
  waiting.add(change)
  if (!isAsked) requestAnimationFrame(changeNext)
  isAsked = true
}

function changeNext(): void {
  const [change] = waiting
  forget(change)
  change?.()
  isAsked = waiting.size > 0
  if (isAsked) requestAnimationFrame(changeNext)
}

function forget(change: (() => void) | undefined): void {
  if (change !== undefined) waiting.delete(change)
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
