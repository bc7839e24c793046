import type { Browser, Page } from 'playwright-core'

/** A task of the page's main thread: while it runs, nobody can scroll or type. Both in milliseconds. */
export interface Task {
  /** From its start to its end. On a busy machine it includes the time in which other programs ran. */
  wall: number
  /** The time that the processor worked on it, which a busy machine makes little longer. */
  cpu: number
}

/** An event of a trace. https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds. `tdur` is the time of the thread. */
  dur?: number
  tdur?: number
  args?: { name?: string }
}

/** Chromium's name for the tasks of any thread, and for the thread that runs a page. */
const TASK = 'ThreadControllerImpl::RunTask'
const MAIN_THREAD = 'CrRendererMain'

/** Does something on a page. Returns the tasks of its main thread meanwhile, as Chromium itself traced them. */
export async function tasksDuring(browser: Browser, page: Page, act: () => Promise<void>): Promise<Task[]> {
  await browser.startTracing(page, { categories: ['toplevel'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === MAIN_THREAD).map(threadOf),
  )
  const tasks = traceEvents.filter((event) => event.name === TASK && event.ph === 'X' && main.has(threadOf(event)))
  if (tasks.length === 0) throw new Error('The trace has no task of a page. Does Chromium name them otherwise now?')
  return tasks.map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, cpu: tdur / 1000 }))
}
