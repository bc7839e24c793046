import { globSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { Muster } from '../../e2e/muster.ts'
import { hasEnded, processesOf } from '../../e2e/processes.ts'

/**
 * What a dead process leaves behind for a time: the lease of a run for two minutes, and that of an e-mail or of a call of a
 * webhook for a quarter of an hour. Nothing else of this system has a claim.
 */
const ENDING_CLAIMS = [
  `UPDATE run SET stale_at = 0 WHERE status IN ('queued', 'fetching', 'planning', 'applying')`,
  `UPDATE notification SET next_at = 0 WHERE status = 'pending'`,
  `UPDATE delivery SET next_at = 0 WHERE status = 'pending'`,
]

/** Kills every process of a system with SIGKILL, and returns when none of them can write any more. */
export async function killAll(system: Muster): Promise<void> {
  const { worker, bridge } = processesOf(system)
  const all = [system.pid, worker, bridge]
  for (const pid of all) process.kill(pid, 'SIGKILL')
  await system.stop()
  while (!all.every(hasEnded)) await wait(5)
}

/**
 * Checks the databases of a system that does not run, and lets its claims end, as if the time had passed. Returns what is
 * wrong with the databases.
 */
export function checkStopped(state: string): string[] {
  const damage: string[] = []
  for (const file of globSync(join(state, '**/*.sqlite'))) {
    const db = new DatabaseSync(file, { timeout: 10_000 })
    const [check] = db.prepare('PRAGMA integrity_check').all()
    if (check?.integrity_check !== 'ok') damage.push(`the database is damaged: ${JSON.stringify(check)}`)
    const isOurs = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'run'").get() !== undefined
    if (isOurs) for (const sql of ENDING_CLAIMS) db.exec(sql)
    db.close()
  }
  return damage
}
