import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { Page } from './views/answer.ts'
import type { DecisionView } from './views/consent.ts'
import type { ContactView } from './views/contact.ts'
import type { AuditView } from './views/settings.ts'

it.each(['contact', 'source', 'admin@example.org'])(
  'a token that is called %s is not taken for the contact, a source or a person',
  async (name) => {
    const world = await World.start()
    await world.import(await world.source(), csvOf([{ ID: 'ana' }]))
    const { token, id } = await world.api<{ token: string; id: string }>('POST', '/api/tokens', {
      name,
      scopes: ['manager'],
    })
    const [contact] = (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
    const path = `/api/contacts/${contact?.key}/sms-status`
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const init = { method: 'PUT', headers, body: JSON.stringify({ status: 'opted_out' }) }
    const changed = await (await app.request(path, init, world.env)).json<ContactView>()
    const label = `${name} (token)`
    expect(changed.sms).toMatchObject({ status: 'opted_out', by: label })
    const { current } = await world.api<{ current: DecisionView[] }>('GET', `/api/contacts/${contact?.key}/consent`)
    expect(current).toMatchObject([{ how: 'system', by: label }])
    expect(await env.DB.prepare('SELECT how, who, who_id FROM decision').first()).toEqual({
      how: 'system',
      who: label,
      who_id: id,
    })
    const { items } = await world.api<Page<AuditView>>('GET', '/api/audit')
    expect(items[0]).toMatchObject({ action: 'sms_opted_out', actor: label })
  },
)
