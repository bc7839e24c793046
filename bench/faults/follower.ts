import type { Platform } from './platform.ts'
import { ask } from './schedule.ts'

interface Entry {
  cursor: string
  op: string
  key: string
  contact: Followed | null
}

/** What a follower keeps of a contact. */
export interface Followed {
  key: string
  id: string
  name: string
  title: string | null
  sms: { status: string }
}

/** A system that keeps a copy of the directory by the feed of changes. */
export class Follower {
  readonly copy = new Map<string, Followed>()
  #cursor = ''

  /** Reads the changes since it last read. */
  async follow(platform: Platform): Promise<void> {
    for (;;) {
      const path = `/api/changes?limit=7${this.#cursor === '' ? '' : `&cursor=${this.#cursor}`}`
      const page = await ask<{ items: Entry[]; next: string | null } | null>(platform, 'GET', path, undefined, [
        'cursor_expired',
      ])
      if (page === null) return this.#forget()
      for (const { cursor, key, contact } of page.items) {
        this.#cursor = cursor
        if (contact === null) this.copy.delete(key)
        else this.copy.set(key, contact)
      }
      if (page.next === null) return
    }
  }

  /** Begins anew if the changes are not all there any more, or if no answer came. */
  #forget(): void {
    this.copy.clear()
    this.#cursor = ''
  }
}
