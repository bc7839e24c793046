import type { ContactView, RecipientView } from '../api/views.ts'
import { csvRow } from '../formats/csv-write.ts'
import type { World } from './world.ts'

/** A row of a file with an SMS column: `sms` is its cell. */
export interface OptedRow {
  id: string
  sms: string
  number?: string
  title?: string
  name?: string
}

const HEADER = ['Key', 'Full name', 'Mobile', 'Job', 'Team', 'SMS Opt-In']

/** A file in which everybody is of the group `All`. */
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

/** The number of a contact that has none of its own in the test. */
export function numberOf(id: string): string {
  return `+1604555${String(1000 + id.charCodeAt(0))}`
}

/** A source's settings for such a file; the seed's `Y` and `N`. */
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

/** Contacts by their IDs. */
export async function people(world: World): Promise<Map<string, ContactView>> {
  const { items } = await world.api<{ items: ContactView[] }>('GET', '/api/contacts?limit=500')
  return new Map(items.map((contact) => [contact.id, contact]))
}

/** The SMS status of each contact, by ID. */
export async function statuses(world: World): Promise<Record<string, string>> {
  return Object.fromEntries([...(await people(world))].map(([id, { sms }]) => [id, sms.status]))
}

/** The IDs of whom a text message to everybody reaches. */
export async function reached(world: World): Promise<string[]> {
  const { items: groups } = await world.api<{ items: { id: string }[] }>('GET', '/api/groups')
  const [all] = groups
  if (all === undefined) return []
  const { items } = await world.api<{ items: RecipientView[] }>(
    'GET',
    `/api/groups/${all.id}/recipients?channel=sms&limit=500`,
  )
  return items.map(({ id }) => id)
}

/** Sets the SMS status of the contact with the ID, as a person does. */
export async function setSms(world: World, id: string, status: 'opted_in' | 'opted_out'): Promise<void> {
  const key = (await people(world)).get(id)?.key
  await world.api('PUT', `/api/contacts/${key}/sms-status`, { status, reason: 'Asked for it by telephone' })
  await moment()
}

/** Lets the clock go on, since what was fetched in the same millisecond was not fetched after. */
function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2))
}
