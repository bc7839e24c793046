import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of lines in the log folder. */
interface LogFile {
  readonly path: string
  write(line: string): void
}

/** Opens a file in `log/` of the state folder for appending. */
export function openLogFile(state: string, name: string): LogFile {
  const folder = join(state, 'log')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  return { path, write: (line) => appendFileSync(path, `${line}\n`, { mode: 0o600 }) }
}

/**
 * The Worker's console, kept off the terminal. A new user sees one line to click on, and an engineer who investigates a
 * fault finds every line, with its time, in one file.
 */
export interface WorkerLog {
  readonly path: string
  write(level: string, message: string): void
  /** Returns the last lines, for the terminal if the system does not start. */
  tail(lines: number): string
}

/** Opens `log/worker.log` in the state folder for appending. */
export function openLog(state: string): WorkerLog {
  const file = openLogFile(state, 'worker.log')
  const write = (level: string, message: string) => file.write(`${new Date().toISOString()} ${level} ${message}`)
  write('info', 'starting')
  return {
    path: file.path,
    write,
    tail: (lines) => readFileSync(file.path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
  }
}
