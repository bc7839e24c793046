import { createHash } from 'node:crypto'
import { readLine } from '../core/plan.ts'
import { hashToken, hex, unhex } from '../security/passwords.ts'
import type { PlanSection } from './plan-reading.ts'

const BYTES = 32

/**
 * The digest of changes in any order: the sum of the SHA-256 of each change, as a number of 256 bits. It covers what is
 * changed, and neither row numbers nor the numbers of new contacts, so that the same changes from another file have the
 * same digest.
 */
export class ChangesDigest {
  readonly #sum = new Uint8Array(BYTES)

  /** Adds a change, as a line of a plan. */
  add(line: string): void {
    const change = readLine(line)
    const { op, id, key, after, before } = change
    const owner = op === 'sms' ? null : (change.owner ?? null)
    const sms = op === 'remove' ? null : (change.sms ?? null)
    const more = op === 'rekey' ? [change.fromId, change.otherwise?.after, change.otherwise?.removes] : []
    const content = JSON.stringify([op, id, key > 0 ? key : null, owner, after, before, sms, ...more])
    this.#add(createHash('sha256').update(content).digest())
  }

  /** Adds the changes of another digest, in hex. */
  join(digest: string): void {
    this.#add(unhex(digest))
  }

  get hex(): string {
    return hex(this.#sum)
  }

  #add(term: Uint8Array): void {
    for (let at = BYTES - 1, carry = 0; at >= 0; at--) {
      carry += (this.#sum[at] ?? 0) + (term[at] ?? 0)
      this.#sum[at] = carry & 0xff
      carry >>= 8
    }
  }
}

/**
 * Returns the hash by which an approval names changes that wait, and by which they are recognised in a later plan. Null
 * if the sections change nothing, or have no digest because an older version planned them.
 */
export async function hashOfWaiting(source: string, sections: readonly PlanSection[]): Promise<string | null> {
  const sum = new ChangesDigest()
  let changes = 0
  for (const section of sections) {
    if (section.digest === undefined) return null
    sum.join(section.digest)
    changes += section.changes
  }
  return changes === 0 ? null : hashToken(JSON.stringify([source, sum.hex]))
}
