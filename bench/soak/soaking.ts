import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startFileServer } from '../../e2e/file-server.ts'
import { type Muster, startMuster } from '../../e2e/muster.ts'
import { processesOf } from '../../e2e/processes.ts'
import { csvOf } from '../../worker/src/testing/roster.ts'
import { NO_LIMITS } from '../../worker/src/testing/versions.ts'
import { Random } from '../catalogue/random.ts'

const ACTIVE = ['queued', 'fetching', 'planning', 'applying']

/** What a system takes after so many imports: memory and disk in bytes. */
export interface Level {
  imports: number
  runtime: number
  node: number
  runtimeFiles: number
  nodeFiles: number
  disk: number
  /** How many files the disk has. */
  objects: number
}

/** Imports so many times, and yields the levels after every `every` imports. Throws an `Error` if an import fails. */
export async function* soak(imports: number, contacts: number, every: number): AsyncGenerator<Level> {
  const server = await startFileServer()
  const system = await startMuster()
  try {
    const random = new Random(1)
    const connection = { kind: 'https', url: `${server.url}/file` }
    const { body } = await system.api('POST', '/api/sources', { name: 'Soaked', connection, limits: NO_LIMITS })
    for (let made = 1; made <= imports; made++) {
      const people = Array.from({ length: contacts }, (_, i) => ({
        ID: `s${i}`,
        Title: random.chance(0.02) ? `Title ${made}` : '',
      }))
      server.serve('/file', { body: csvOf(people.filter(() => random.chance(0.99))), etag: `"${made}"` })
      await importOnce(system, body.id)
      if (made % every === 0 || made === imports) yield levelOf(system, made)
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

function levelOf(system: Muster, imports: number): Level {
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
