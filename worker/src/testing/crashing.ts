/** Reports that the isolate died at a call. Nothing that it does afterwards reaches storage. */
class Crash extends Error {}

/**
 * Injects faults between the Worker and its bindings: counts the calls to storage and queue, and makes the Worker die
 * at one of them, before or after the call takes effect.
 */
export class FaultInjection {
  calls = 0
  /** The statements that D1 ran, of which it allows 1,000 in an invocation. */
  queries = 0
  rowsWritten = 0
  rowsRead = 0
  /** The longest range of a file that one read returns, in bytes. */
  range = Number.POSITIVE_INFINITY
  #crashesAt = 0
  #after = false
  #dead = false

  get dead(): boolean {
    return this.#dead
  }

  /** Makes the Worker die at the given call from now on; the next call is 1. */
  crashAt(call: number, when: 'before' | 'after'): void {
    this.#crashesAt = this.calls + call
    this.#after = when === 'after'
  }

  restart(): void {
    this.#dead = false
    this.#crashesAt = 0
  }

  /** Makes a call if the Worker is alive. `lost` disposes of a result that the dead Worker never receives. */
  async run<T>(call: () => Promise<T>, lost?: (result: T) => Promise<void> | undefined): Promise<T> {
    if (this.#dead) throw new Crash()
    const dies = ++this.calls === this.#crashesAt
    if (dies && !this.#after) this.#die()
    const result = await call()
    if (dies) {
      await lost?.(result)
      this.#die()
    }
    return result
  }

  #die(): never {
    this.#dead = true
    throw new Crash()
  }
}

/** Returns the database with every call counted and open to faults. */
export function powered(db: D1Database, faults: FaultInjection): D1Database {
  const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>()
  const note = <T extends D1Result>(result: T): T => {
    faults.queries++
    faults.rowsWritten += result.meta.rows_written
    faults.rowsRead += result.meta.rows_read
    return result
  }
  const counting = <T>(result: T): T => {
    faults.queries++
    return result
  }
  const statement = (real: D1PreparedStatement): D1PreparedStatement => {
    const counted = new Proxy(real, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => statement(target.bind(...values))
        if (name === 'all') return () => faults.run(async () => note(await target.all()))
        if (name === 'run') return () => faults.run(async () => note(await target.run()))
        if (name === 'raw') return () => faults.run(() => counting(target.raw()))
        if (name === 'first') return () => faults.run(() => counting(target.first()))
        return undefined
      },
    })
    inner.set(counted, real)
    return counted
  }
  return new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') return (sql: string) => statement(target.prepare(sql))
      if (name === 'batch') {
        return (statements: D1PreparedStatement[]) =>
          faults.run(async () => (await target.batch(statements.map((one) => inner.get(one) ?? one))).map(note))
      }
      return undefined
    },
  })
}

/** Returns the files with every call counted and open to faults. */
export function poweredFiles(bucket: R2Bucket, faults: FaultInjection): R2Bucket {
  return new Proxy(bucket, {
    get(target, name) {
      switch (name) {
        case 'get':
          return (key: string, options?: { range: { offset: number; length: number } }) =>
            faults.run(
              () => (options?.range ? target.get(key, { range: shortened(options.range) }) : target.get(key)),
              async (object) => void (await object?.arrayBuffer()),
            )
        case 'put':
          return (key: string, value: string | ArrayBuffer | ArrayBufferView, options?: R2PutOptions) =>
            faults.run(() => target.put(key, value, options))
        case 'delete':
          return (keys: string | string[]) => faults.run(() => target.delete(keys))
        case 'list':
          return (options: R2ListOptions) => faults.run(() => target.list(options))
        case 'head':
          return (key: string) => faults.run(() => target.head(key))
        default:
          return undefined
      }
    },
  })

  function shortened({ offset, length }: { offset: number; length: number }) {
    return { offset, length: Math.min(length, faults.range) }
  }
}
