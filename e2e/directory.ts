import { expect, vi } from 'vitest'
import type { Muster } from './muster.ts'
import { PATIENCE } from './patience.ts'
import { finished } from './run-end.ts'

/**
 * Makes a source, over HTTP(S) unless `connection` has another kind, and returns its ID. `settings` adds to the body.
 */
export async function makeSource(muster: Muster, connection: object, settings: object = {}): Promise<string> {
  const body = { name: 'Staff list', connection: { kind: 'https', ...connection }, ...settings }
  const made = await muster.api('POST', '/api/sources', body)
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return made.body.id
}

/** Imports a source and returns the finished run. Fetches everything unless only the changes are requested. */
export async function importNow(muster: Muster, source: string, fetch: 'all' | 'changes' = 'all') {
  const started = await muster.api('POST', `/api/sources/${source}/runs`, { mode: 'apply', fetch })
  expect(started.status, JSON.stringify(started.body)).toBe(202)
  return finished(muster, started.body.id)
}

/** Returns every contact of a source, sorted by ID, with the values that its file has. */
export async function contactsOf(muster: Muster, source: string) {
  const contacts: Awaited<ReturnType<Muster['api']>>['body'][] = []
  let cursor = ''
  do {
    const { status, body } = await muster.api('GET', `/api/contacts?source=${source}&limit=100${cursor}`)
    expect(status).toBe(200)
    contacts.push(...body.items)
    cursor = body.next === null ? '' : `&cursor=${encodeURIComponent(body.next)}`
  } while (cursor !== '')
  return contacts
    .map(({ id, name, organization, title, numbers, emails, priority, groups }) => ({
      id,
      name,
      organization,
      title,
      numbers,
      emails,
      priority,
      groups: [...groups].sort(),
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** Returns the e-mails to an address once there are `count` of them. Fails if they do not arrive. */
export async function emailsTo(muster: Muster, address: string, count: number) {
  await vi.waitUntil(async () => (await muster.emails(address)).length >= count, { timeout: PATIENCE, interval: 100 })
  return muster.emails(address)
}
