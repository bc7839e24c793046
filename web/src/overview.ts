import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { OverviewView } from '../../worker/src/api/views/overview.ts'
import { type Loaded, useLoad, useRefresh } from './load.ts'

/** How often what needs a person is read again, in milliseconds. */
const EVERY = 30_000

/** What needs a person, read once for the navigation and for the pages that show it. */
export const OverviewContext = createContext<Loaded<OverviewView> | null>(null)

/** Reads what needs a person, for `OverviewContext`. Reads nothing if the person may not read yet. */
export function useOverviewReading(mayRead: boolean): Loaded<OverviewView> {
  const overview = useLoad('/api/overview', mayRead ? {} : null)
  useRefresh(overview, mayRead ? EVERY : null)
  return overview
}

/** Returns what needs a person, each source with its last runs, and the reach of the largest groups. */
export function useOverview(): Loaded<OverviewView> {
  const overview = useContext(OverviewContext)
  if (overview === null) throw new Error('The overview was asked for outside the frame')
  return overview
}
