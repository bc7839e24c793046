import type { ContactView, RecipientView } from '../api/views/contact.ts'
import { csvRow } from '../formats/csv-write.ts'
import type { World } from './world.ts'

/** A row of a file with an SMS column. `sms` is the text of its cell. */
export interface OptedRow {
  id: string
  sms: string
  number?: string
  title?: string
  name?: string
}

const HEADER = ['Key', 'Full name', 'Mobile', 'Job', 'Team', 'SMS Opt-In']

/** Returns a file in which everybody is in the group `All`. */
export function optedFile(rows: readonly OptedRow[]): string {
  const cells = rows.map(({ id, sms, number = numberOf(id), title = '', name = `Person ${id}` }) => [
    id,
    name,
    number,
    title,
    'All',
    sms,
  ])
  return [HEADER, ...cells].map((row) => csvRow(row)).join('')
}

/** Returns the number of a contact for which the test gives none. */
export function numberOf(id: string): string {
  return `+1604555${String(1000 + id.charCodeAt(0))}`
}

/** The settings of a source for such a file, with `Y` and `N` as in the seed. */
export const OPTED_MAPPING = {
  mapping: [
    { column: 'Key', to: 'id' },
    { column: 'Full name', to: 'name' },
    { column: 'Mobile', to: 'number', type: 'mobile' },
    { column: 'Job', to: 'title' },
    { column: 'Team', to: 'groups' },
    { column: 'SMS Opt-In', to: 'smsStatus' },
  ],
  smsStatus: { optedIn: 'Y', optedOut: 'N' },
}

/** Returns the contacts by ID. */
export async function people(world: World): Promise<Map<string, ContactView>> {
  const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts?limit=500')
  return new Map(items.map((contact) => [contact.id, contact]))
}

/** Returns the SMS status of each contact, by ID. */
export async function statuses(world: World): Promise<Record<string, string>> {
  return Object.fromEntries([...(await people(world))].map(([id, { sms }]) => [id, sms.status]))
}

/** Returns the IDs of the contacts that a text message to everybody reaches. */
export async function reached(world: World): Promise<string[]> {
  const { items: groups } = await world.api<{ items: { id: string }[] }>('GET', '/api/groups')
  const [all] = groups
  if (all === undefined) return []
  const { items } = await world.api<{ items: RecipientView[] }>(
    'GET',
    `/api/groups/${all.id}/recipients?channel=sms&limit=500`,
  )
  return items.flatMap(({ contacts }) => contacts.map(({ id }) => id))
}

/** Sets the SMS status of the contact with this ID, as a person does. */
export async function setSms(world: World, id: string, status: 'opted_in' | 'opted_out'): Promise<void> {
  const key = (await people(world)).get(id)?.key
  await world.api('PUT', `/api/contacts/${key}/sms-status`, { status, reason: 'Asked for it by telephone' })
  await clockAdvanced()
}

/** Waits until the clock has advanced, since a fetch in the same millisecond does not count as later. */
export async function clockAdvanced(): Promise<void> {
  const before = Date.now()
  while (Date.now() === before) await scheduler.wait(1)
}
