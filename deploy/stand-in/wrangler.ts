import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addVersion, type Binding, newWorker } from './account.ts'
import type { StandIn } from './server.ts'

/**
 * Returns a wrangler for tests that only need what wrangler leaves behind in the account. It writes each command down, and fails with
 * the commands that begin with a text in `failing`. `wrangler.test.ts` compares it with the real one.
 */
export function pretendWrangler(standIn: StandIn, root: string, failing: string[] = []) {
  const commands: string[] = []
  async function wrangler(_account: string, args: string[]): Promise<void> {
    const { account, counter } = standIn
    commands.push(`wrangler ${args.map(withoutFolder).join(' ')}`)
    if (failing.some((text) => args.join(' ').startsWith(text))) throw new Error(`wrangler ${args[0]} failed`)
    const after = (flag: string) => args[args.indexOf(flag) + 1] ?? ''
    const configured = args.includes('--config') ? JSON.parse(readFileSync(after('--config'), 'utf8')) : null
    if (args[0] === 'd1') {
      const sqlite = account.databases.find(({ name }) => name === args[3])?.sqlite
      sqlite?.exec('CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE)')
      for (const name of readdirSync(join(root, 'migrations')).sort()) {
        if (sqlite?.prepare('SELECT 1 FROM d1_migrations WHERE name = ?').get(name) !== undefined) continue
        sqlite?.exec(readFileSync(join(root, 'migrations', name), 'utf8'))
        sqlite?.prepare('INSERT INTO d1_migrations (name) VALUES (?)').run(name)
      }
    } else if (args[0] === 'deploy') {
      const worker = account.workers.get(configured.name) ?? newWorker()
      account.workers.set(configured.name, worker)
      const secrets = args.includes('--secrets-file') ? JSON.parse(readFileSync(after('--secrets-file'), 'utf8')) : {}
      const kept = worker.bindings.filter(({ type }) => type === 'secret_text')
      const bridge: Binding[] = configured.containers ? [{ type: 'durable_object_namespace', name: 'BRIDGE' }] : []
      const added = Object.keys(secrets).map((name) => ({ type: 'secret_text', name }))
      worker.bindings = [...kept, ...added, ...bridge]
      addVersion(worker, counter)
      const [container] = configured.containers ?? []
      if (container !== undefined && account.containers.length === 0) {
        const name = `${configured.name}-${container.class_name}`.toLowerCase()
        account.containers.push({
          id: counter.uuid(),
          name,
          configuration: { image: 'account/muster-sftpbridge:1' },
        })
      }
    } else if (args[0] === 'pages') {
      const [project] = account.projects.values()
      const id = counter.uuid()
      project?.deployments.push({ id, created_on: counter.time(), branch: 'main' })
      if (project !== undefined) project.canonical = id
    } else if (args[0] === 'secret') {
      const worker = account.workers.get(after('--name'))
      if (worker !== undefined) worker.bindings = worker.bindings.filter(({ name }) => name !== args[2])
    } else if (args[0] === 'rollback') {
      const worker = account.workers.get(after('--name'))
      worker?.deployments.push({ id: counter.uuid(), created_on: counter.time(), version: args[1] ?? '' })
    }
  }
  return { wrangler, commands }
}

/** Temporary folders have another name in each run. */
function withoutFolder(arg: string): string {
  return arg.startsWith('/') ? `…/${arg.split('/').at(-1)}` : arg
}
