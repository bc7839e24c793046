import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { Env } from '../env.ts'
import { HashingStream } from './hashing-stream.ts'
import { digestAtOnce, emptyDatabase, lightDatabase, lightFiles } from './light-storage.ts'
import { Muster } from './muster.ts'

/**
 * A Muster in plain Node: the same code over SQLite in memory and files in a map. It starts at once and needs no
 * runtime, for tests that need thousands of histories. Only the tests on the real D1 and R2 can find where these behave
 * differently.
 */
export class InMemoryMuster extends Muster {
  static start(): Promise<InMemoryMuster> {
    return InMemoryMuster.over(emptyDatabase()).begin()
  }

  /** Returns a Muster over a database that has its tables, and over the files of another one if they are given. */
  static over(db: DatabaseSync, files: R2Bucket = lightFiles()): InMemoryMuster {
    Object.assign(crypto, { DigestStream: HashingStream })
    // Thousands of short histories would spend half of their time waiting for Node's timers and threads.
    Object.assign(crypto.subtle, { digest: digestAtOnce })
    Object.assign(globalThis, { scheduler: { wait: () => setImmediate() } })
    const bindings: Partial<Env> = {
      DB: lightDatabase(db),
      FILES: files,
      ENCRYPTION_KEY: btoa(String.fromCharCode(...new Uint8Array(32).fill(1))),
      PUBLIC_URL: 'https://muster.example.org',
      SENDER: 'muster@example.org',
    }
    return new InMemoryMuster(bindings as Env)
  }
}
