import { describe, expect, it } from 'vitest'
import file from '../../../docs/authorisation.md?raw'
import { hashToken } from '../security/passwords.ts'
import { database } from '../store/database.ts'
import { sessions } from '../store/sessions.ts'
import { tokens } from '../store/tokens.ts'
import { users } from '../store/users.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { authorisationTable, CALLERS, type Caller } from './authorisation.ts'
import { routes } from './routes.ts'

/** The rows of a table in Markdown: the call, and its cells by the column. */
function readTable(text = file): Map<string, Record<string, string>> {
  const [header = [], , ...rows] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return new Map(
    rows.map(([call = '', ...cells]) => [
      call.replaceAll('`', ''),
      Object.fromEntries(cells.map((cell, at) => [header[at + 1], cell])),
    ]),
  )
}

/** Returns headers with which a request comes from the caller. A call may end the session, so each gets its own. */
async function signedAs(world: World, caller: Caller, call: number): Promise<Record<string, string>> {
  const secret = `muster_${caller}-${call}`
  const tokenHash = await hashToken(secret)
  const db = database(world.env)
  if (caller === 'nobody') return {}
  if (caller === 'administrator' || caller === 'manager' || caller === 'viewer') {
    const user = {
      id: caller,
      email: `${caller}@example.org`,
      name: caller,
      role: caller,
      password: 'set',
      createdAt: 0,
    }
    const now = Date.now()
    const session = { tokenHash, user: caller, id: secret, client: null, createdAt: now, expiresAt: now + 1e6 }
    await db.insert(users).values(user).onConflictDoNothing()
    await db.insert(sessions).values({ ...session, seenAt: now, confirmedAt: now })
    return { Cookie: `__Host-muster_session=${secret}`, Origin: world.env.PUBLIC_URL }
  }
  const token = { id: secret, name: caller, tokenHash, scopes: [caller], createdAt: 0 }
  await db.insert(tokens).values(token)
  return { Authorization: `Bearer ${secret}` }
}

describe('who may do what', () => {
  it('the table in the documentation is the one that the routes give (npm run authorisation)', () => {
    expect(readTable()).toEqual(readTable(authorisationTable()))
  })

  it('every route has a row in the table, and every row a route', () => {
    const known = routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    expect([...readTable().keys()].sort()).toEqual(known.sort())
  })

  it.each(CALLERS)('the API answers each call of %s as the table says', async (caller) => {
    const world = await World.start()
    const rows = readTable()
    let call = 0
    for (const { method, path } of routes) {
      const name = `${method.toUpperCase()} ${path}`
      const headers = { 'Content-Type': 'application/json', ...(await signedAs(world, caller, ++call)) }
      // The path names nothing that exists, so that what is allowed is not found.
      const url = `https://muster.example.org${path.replace(/:\w+/g, 'nothing')}`
      const waiting: Promise<unknown>[] = []
      const context = {
        waitUntil: (work: Promise<unknown>) => void waiting.push(work),
        passThroughOnException() {},
        props: {},
      }
      const response = await app.request(url, { method: method.toUpperCase(), headers }, world.env, context)
      const isProblem = response.headers.get('Content-Type')?.startsWith('application/problem+json') === true
      const { code = '' } = isProblem ? await response.json<{ code: string }>() : {}
      await response.body?.cancel().catch(() => undefined)
      await Promise.all(waiting)
      const refused = code === 'unauthorized' || code === 'forbidden'
      expect([name, refused], code).toEqual([name, rows.get(name)?.[caller] !== 'yes'])
      if (refused) expect([name, code]).toEqual([name, caller === 'nobody' ? 'unauthorized' : 'forbidden'])
    }
  })
})
