import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'

/** Would begin another header of an e-mail, end a text early, and turn what follows from right to left. */
const NAME = ' Crew\r\nBcc: x@example.org\0\u0007 \u202ecod\u2066.exe\u200b '
const CLEAN = 'Crew Bcc: x@example.org cod.exe'

it.each<[what: string, path: string, member: string, body: Record<string, unknown>]>([
  ['a source', '/api/sources', 'name', { connection: { kind: 'upload' } }],
  ['a user', '/api/users', 'name', { email: 'b@example.org' }],
  ['a token', '/api/tokens', 'name', {}],
  ['a group', '/api/groups', 'name', {}],
  ['a field', '/api/fields', 'label', { key: 'crew' }],
  ['a manual contact', '/api/contacts', 'name', { id: 'E1' }],
])('the name of %s is one line without control and direction characters', async (_, path, member, body) => {
  const world = await World.start()
  const made = await world.api<Record<string, unknown>>('POST', path, { ...body, [member]: NAME })
  expect(made[member]).toBe(CLEAN)
  const blank = await world.request('POST', path, { ...body, [member]: '\u202e\r\n\0' })
  const { status, errors } = await blank.json<{ status: number; errors: { path: string }[] }>()
  expect([status, errors[0]?.path]).toEqual([400, member])
  if (path === '/api/tokens') return
  const at = `${path}/${made.key ?? made.id}`
  expect(await world.api('PATCH', at, { [member]: `A${NAME}` })).toMatchObject({ [member]: `A ${CLEAN}` })
})

it('the subject of an e-mail is one line, also for a source that an older version named', async () => {
  const world = await World.start()
  const source = await world.source({ notify: { emails: ['a@example.org'], when: 'always' } })
  await env.DB.prepare('UPDATE source SET name = ?').bind(NAME).run()
  await world.import(source, csvOf([{ ID: 'ana' }]))
  expect(world.mails.map(({ subject }) => subject)).toEqual([expect.stringContaining(CLEAN)])
})
