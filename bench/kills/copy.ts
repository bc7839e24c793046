import type { Muster } from '../../e2e/muster.ts'

/** What is compared of a contact. */
interface Contact {
  key: string
  id: string
  title: string | null
  sms: { status: string }
}

/** A copy of the directory that follows the feed of changes. */
export class Copy {
  readonly #contacts = new Map<string, Contact>()
  #cursor = ''

  /** Returns the whole directory as the API lists it. */
  async directory(system: Muster): Promise<Contact[]> {
    const all: Contact[] = []
    for (let cursor = ''; ; ) {
      const { body } = await system.api('GET', `/api/contacts?limit=500${cursor}`)
      all.push(...body.items)
      if (body.next === null) return all
      cursor = `&cursor=${encodeURIComponent(body.next)}`
    }
  }

  /** Reads the changes, and returns the IDs of contacts of which the copy and the directory say something else. */
  async differing(system: Muster, directory: readonly Contact[]): Promise<string[]> {
    for (;;) {
      const cursor = this.#cursor === '' ? '' : `&cursor=${encodeURIComponent(this.#cursor)}`
      const { body } = await system.api('GET', `/api/changes?limit=500${cursor}`)
      for (const { cursor: at, key, contact } of body.items) {
        this.#cursor = at
        if (contact === null) this.#contacts.delete(key)
        else this.#contacts.set(key, contact)
      }
      if (body.next === null) break
    }
    const texts = (contacts: Iterable<Contact>) =>
      new Map([...contacts].map(({ key, id, title, sms }) => [id, JSON.stringify([key, title, sms.status])]))
    const [is, ought] = [texts(this.#contacts.values()), texts(directory)]
    return [...new Set([...is.keys(), ...ought.keys()])].filter((id) => is.get(id) !== ought.get(id))
  }
}
