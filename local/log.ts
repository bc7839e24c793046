import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Worker's console, kept off the terminal: the newcomer sees one line to click on, and who looks for a fault
 * finds every line, with its time, in one file.
 */
export interface WorkerLog {
  readonly path: string
  write(level: string, message: string): void
  /** The last lines, for the terminal when the system does not come up. */
  tail(lines: number): string
}

/** Opens `log/worker.log` in the state folder and adds to it. */
export function openLog(state: string): WorkerLog {
  const folder = join(state, 'log')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'worker.log')
  const write = (level: string, message: string) => {
    appendFileSync(path, `${new Date().toISOString()} ${level} ${message}\n`, { mode: 0o600 })
  }
  write('info', 'starting')
  return { path, write, tail: (lines) => readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') }
}
