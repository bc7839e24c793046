import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startFileServer } from '../../e2e/file-server.ts'
import { type Muster, startMuster } from '../../e2e/muster.ts'
import { processesOf } from '../../e2e/processes.ts'
import { freePort } from '../../local/ports.ts'
import { csvOf } from '../../worker/src/testing/roster.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { Random } from '../catalogue/random.ts'
import { liveMemoryOfAll } from './heaps.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/** What a system takes after so many imports: memory and disk in bytes. */
export interface Level {
  imports: number
  runtime: number
  /** The runtime and its objects after a collection and one import; null if none was made. */
  collected: { runtime: number; objects: number } | null
  node: number
  runtimeFiles: number
  nodeFiles: number
  disk: number
  /** How many files the disk has. */
  objects: number
}

/**
 * Imports so many times, and yields the levels after every `every` imports. After a fifth and at the end the runtime collects
 * its garbage. Otherwise it does so when it likes. Throws an `Error` if an import fails.
 */
export async function* soak(imports: number, contacts: number, every: number): AsyncGenerator<Level> {
  const server = await startFileServer()
  const port = await freePort(null)
  const system = await startMuster({ MUSTER_INSPECTOR_PORT: String(port) })
  const warm = Math.ceil(imports / 5 / every) * every
  try {
    const random = new Random(1)
    const connection = { kind: 'https', url: `${server.url}/file` }
    const { body } = await system.api('POST', '/api/sources', { name: 'Soaked', connection, limits: NO_LIMITS })
    let versions = 0
    const change = async () => {
      versions++
      const people = Array.from({ length: contacts }, (_, i) => ({
        ID: `s${i}`,
        Title: random.chance(0.02) ? `Title ${versions}` : '',
      }))
      server.serve('/file', { body: csvOf(people.filter(() => random.chance(0.99))), etag: `"${versions}"` })
      await importOnce(system, body.id)
    }
    for (let made = 1; made <= imports; made++) {
      await change()
      if (made % every !== 0 && made !== imports) continue
      const level = levelOf(system, made)
      if (made !== warm && made !== imports) yield { ...level, collected: null }
      else {
        const objects = await liveMemoryOfAll(port, change)
        yield { ...level, collected: { runtime: memoryOf(processesOf(system).worker), objects } }
      }
    }
  } finally {
    await system.stop()
    await server.stop()
  }
}

async function importOnce(system: Muster, source: string): Promise<void> {
  const { status, body } = await system.api('POST', `/api/sources/${source}/runs`, {})
  if (status !== 202) throw new Error(`An import did not start: ${JSON.stringify(body)}`)
  for (;;) {
    const { body: run } = await system.api('GET', `/api/runs/${body.id}`)
    if (run.status === 'succeeded') return
    if (!ACTIVE.includes(run.status)) throw new Error(`An import ended as ${JSON.stringify(run)}`)
    await wait(50)
  }
}

function levelOf(system: Muster, imports: number): Omit<Level, 'collected'> {
  const { worker } = processesOf(system)
  const { disk, objects } = diskOf(system.state)
  return {
    ...{ imports, runtime: memoryOf(worker), node: memoryOf(system.pid) },
    ...{ runtimeFiles: filesOf(worker), nodeFiles: filesOf(system.pid), disk, objects },
  }
}

function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function diskOf(folder: string): { disk: number; objects: number } {
  let [disk, objects] = [0, 0]
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false })
    if (stat?.isFile() !== true) continue
    disk += stat.size
    objects++
  }
  return { disk, objects }
}
