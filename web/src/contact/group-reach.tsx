import { createContext } from 'preact'
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { GroupReachView } from '../../../worker/src/api/views/contact.ts'
import type { OverviewView } from '../../../worker/src/api/views/overview.ts'
import { get } from '../client.ts'
import { count } from '../format.ts'
import { Nobody } from '../overview/reach.tsx'

type Counted = OverviewView['groups'][number]

/**
 * How many people of each group a message reaches. The overview has counted the largest groups; of the others one is counted
 * when its row comes into view, a few at a time.
 */
class Reaches {
  readonly #counted: Map<string, Counted>
  readonly #watchers = new Map<string, Set<() => void>>()
  readonly #asked = new Set<string>()
  readonly #wanted: string[] = []
  #reading = 0

  constructor(counted: readonly Counted[]) {
    this.#counted = new Map(counted.map((group) => [group.id, group]))
  }

  of(id: string): Counted | null {
    return this.#counted.get(id) ?? null
  }

  /** Calls `changed` once the group has been counted. Returns a function that ends it. */
  watch(id: string, changed: () => void): () => void {
    const watchers = this.#watchers.get(id) ?? new Set()
    this.#watchers.set(id, watchers.add(changed))
    return () => watchers.delete(changed)
  }

  /** Has a group counted, unless it is already or will be. */
  want(id: string): void {
    if (this.#counted.has(id) || this.#asked.has(id)) return
    this.#asked.add(id)
    this.#wanted.push(id)
    void this.#read()
  }

  async #read(): Promise<void> {
    if (this.#reading === AT_ONCE) return
    this.#reading++
    for (let id = this.#wanted.shift(); id !== undefined; id = this.#wanted.shift()) {
      // A group that cannot be counted, such as one that was deleted meanwhile, stays without numbers.
      const group: GroupReachView | null = await get('/api/groups/:id', { id }).catch(() => null)
      if (group === null) continue
      this.#counted.set(id, group)
      for (const changed of this.#watchers.get(id) ?? []) changed()
    }
    this.#reading--
  }
}

/** How many groups are counted at once: each is a few queries of the index. */
const AT_ONCE = 2

const ReachesContext = createContext<Reaches | null>(null)

/** Gives the counts of groups to the cells in it. */
export const ReachesProvider = ReachesContext.Provider

/** Returns the counts of groups, beginning with those of the overview; null until it has been read. */
export function useReaches(overview: OverviewView | null): Reaches | null {
  return useMemo(
    () => (overview === null ? null : new Reaches(overview.groups)),
    [overview === null, overview?.countedAt],
  )
}

/** How many people of a group a channel reaches, or whom nothing does. */
export function Reached({ id, channel }: { id: string; channel: 'sms' | 'voice' | 'email' | 'nobody' }) {
  const reaches = useContext(ReachesContext)
  const place = useRef<HTMLSpanElement>(null)
  const [, changed] = useState(0)
  const group = reaches?.of(id) ?? null
  useEffect(() => {
    if (reaches === null || group !== null || place.current === null) return
    const stop = reaches.watch(id, () => changed((n) => n + 1))
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && reaches.want(id))
    observer.observe(place.current)
    return () => {
      observer.disconnect()
      stop()
    }
  }, [reaches, id, group === null])
  if (group === null) return <span ref={place}>&nbsp;</span>
  return channel === 'nobody' ? <Nobody group={group} /> : <span>{count(group.reach[channel])}</span>
}
