import { expect, it } from 'vitest'
import { hashToken } from '../security/passwords.ts'
import { database } from '../store/database.ts'
import { tokens } from '../store/tokens.ts'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { Page } from './views/answer.ts'
import type { UserView } from './views/person.ts'

it('a viewer reads neither the reports and files of runs, which hold more than the directory, nor addresses of users', async () => {
  const world = await World.start()
  const run = await world.import(await world.source(), csvOf([{ ID: 'E1' }, { ID: 'E2', Number: 'none of these' }]))
  const answers = async (role: 'viewer' | 'manager') => {
    const token = `muster_${role}`
    const row = { id: role, name: role, tokenHash: await hashToken(token), scopes: [role], createdAt: 0 }
    await database(world.env).insert(tokens).values(row)
    const get = (path: string) => app.request(path, { headers: { Authorization: `Bearer ${token}` } }, world.env)
    const files = ['report.xlsx', 'report.csv', 'snapshot']
    const statuses = await Promise.all(files.map(async (name) => (await get(`/api/runs/${run.id}/${name}`)).status))
    const { items } = await (await get('/api/users')).json<Page<UserView>>()
    return { statuses, emails: items.map(({ email }) => email) }
  }
  expect(await answers('viewer')).toEqual({ statuses: [403, 403, 403], emails: [null] })
  expect(await answers('manager')).toEqual({ statuses: [200, 200, 200], emails: ['admin@example.org'] })
})
