import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Muster } from './muster.ts'

/** The processes of a Muster without a demo, by their purpose. */
export interface Processes {
  /** The Workers runtime, with the databases and files in it. */
  worker: number
  /** The SFTP bridge. */
  bridge: number
}

/** Finds the processes that a Muster has started. Reads /proc, so it works only on Linux. */
export function processesOf(muster: Muster): Processes {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => field(pid, 'PPid') === muster.pid)
  const named = (name: string) => children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name))
  const [worker, bridge] = [named('workerd'), named('sftp-bridge')]
  if (worker === undefined || bridge === undefined) throw new Error('Muster does not run all of its processes')
  return { worker, bridge }
}

/** Returns the peak memory of a process since `forgetPeak`, in bytes. */
export function peakMemory(pid: number): number {
  return field(pid, 'VmHWM') * 1024
}

/** Resets the peak to the memory that the process has now. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** Returns whether a process has ended, so that it holds no file any more. Its parent may not have asked for its end yet. */
export function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/** Returns a number from /proc/PID/status; NaN if the process has ended. */
function field(pid: number, name: string): number {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return Number.NaN
  }
}
