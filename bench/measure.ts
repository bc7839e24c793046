import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeRoster } from './roster.ts'
import { median } from './table.ts'
import type { Loaded, Session, Tool, Version } from './tool.ts'

const WORKS = ['first import', 'the same again, 304', 'the same again, sent', '1 % changed'] as const
type Work = (typeof WORKS)[number]

/** What a tool took for a work: the middle one of its rounds. */
export interface Result {
  work: Work
  tool: string
  /** The median, and each round in its order. */
  seconds: number
  rounds: number[]
  written: number | null
}

/**
 * Measures all works with each tool, `rounds` times over, in a folder that is removed by the caller. Within a round the
 * tools take turns at each work, so that what else the machine does disturbs them alike.
 */
export async function measure(
  tools: Tool[],
  options: { folder: string; rows: number; rounds: number; seed: number },
): Promise<Result[]> {
  const versions = await makeVersions(options.folder, options.rows, options.seed)
  const loads = new Map<string, Loaded[]>()
  for (let round = 0; round < options.rounds; round++) {
    const sessions: [Tool, Session][] = []
    try {
      for (const tool of tools) sessions.push([tool, await openIn(join(options.folder, String(round)), tool)])
      for (const work of WORKS) {
        for (const [tool, session] of sessions) {
          const key = `${work} ${tool.name}`
          loads.set(key, [...(loads.get(key) ?? []), await session.load(versions[work])])
        }
      }
    } finally {
      for (const [, session] of sessions) await session.close()
    }
  }
  return WORKS.flatMap((work) =>
    tools.map((tool) => {
      const of = loads.get(`${work} ${tool.name}`) ?? []
      const rounds = of.map((load) => load.seconds)
      return { work, tool: tool.name, seconds: median(rounds), rounds, written: of[0]?.written ?? null }
    }),
  )
}

async function openIn(folder: string, tool: Tool): Promise<Session> {
  const own = join(folder, tool.name)
  await mkdir(own, { recursive: true })
  return tool.open(own)
}

async function makeVersions(folder: string, rows: number, seed: number): Promise<Record<Work, Version>> {
  const make = async (name: string, version: 1 | 2) => {
    const path = join(folder, name)
    await writeRoster(path, rows, seed, version)
    return { path, bytes: await readFile(path) }
  }
  const first = await make('first.csv', 1)
  const changed = await make('changed.csv', 2)
  return {
    'first import': { ...first, etag: '"1"' },
    'the same again, 304': { ...first, etag: '"1"' },
    'the same again, sent': { ...first, etag: '"2"' },
    '1 % changed': { ...changed, etag: '"3"' },
  }
}
