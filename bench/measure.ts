import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cost } from './inspector.ts'
import { median } from './scenario.ts'
import type { Loaded, Session, Tool } from './tool.ts'
import { ALL_WORKS, makeVersions, type Size, type Work } from './works.ts'

/** The result of a tool for one work. */
export interface Result {
  work: Work
  tool: string
  /** Whether it is Muster. */
  own: boolean
  /** The median of the rounds, and each round in order. */
  seconds: number
  rounds: number[]
  contacts: number | null
  /** The cost, from a round that is observed and not timed; null if there is almost nothing to observe. */
  cost: Cost | null
}

/** Works that wait for the server most of the time. An inspector that samples often can delay them for minutes. */
const UNWATCHED: ReadonlySet<Work> = new Set<Work>(['same bytes, 304', 'same bytes, sent'])

/**
 * Measures all works with each tool that takes such files, with as many rounds as the size says, in a folder that the
 * caller removes. Throws the signal's reason between two loads.
 * Within a round the tools take turns at each work, the other way round in every second round, so that other activity on
 * the machine affects them equally. The last round is observed, and its time does not count.
 */
export async function measure(
  tools: readonly Tool[],
  folder: string,
  size: Size,
  seed: number,
  signal: AbortSignal,
): Promise<Result[]> {
  const able = tools.filter(
    (tool) => tool.takes.includes(size.type) && size.rows <= (tool.mostRows ?? Number.POSITIVE_INFINITY),
  )
  const versions = await makeVersions(folder, size, seed)
  const loads = new Map<string, Loaded[]>()
  for (let round = 0; round <= size.rounds; round++) {
    const watched = round === size.rounds
    const sessions: [Tool, Session][] = []
    try {
      for (const tool of able) {
        if (watched && tool.watchable !== true) continue
        sessions.push([tool, await openIn(join(folder, String(round)), tool, watched)])
      }
      for (const [work, version] of versions) {
        for (const [tool, session] of round % 2 === 0 ? sessions : sessions.toReversed()) {
          if (!tool.works.includes(work) || (watched && UNWATCHED.has(work))) continue
          signal.throwIfAborted()
          const key = `${work} ${tool.name}`
          loads.set(key, [...(loads.get(key) ?? []), await session.load(version)])
        }
      }
    } finally {
      for (const [, session] of sessions) await session.close()
      await rm(join(folder, String(round)), { recursive: true, force: true })
    }
  }
  return ALL_WORKS.flatMap((work) =>
    able
      .filter((tool) => tool.works.includes(work))
      .map((tool) => resultOf(work, tool, loads.get(`${work} ${tool.name}`) ?? [])),
  )
}

function resultOf(work: Work, { name, watchable }: Tool, loads: Loaded[]): Result {
  const rounds = loads.filter((load) => load.cost === null).map((load) => load.seconds)
  const [first] = loads
  return {
    work,
    tool: name,
    own: watchable === true,
    seconds: median(rounds),
    rounds,
    contacts: first?.contacts ?? null,
    cost: loads.find((load) => load.cost !== null)?.cost ?? null,
  }
}

async function openIn(folder: string, tool: Tool, watched: boolean): Promise<Session> {
  const own = join(folder, tool.name)
  await mkdir(own, { recursive: true })
  return tool.open(own, watched)
}
