import { beforeEach, describe, expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import { app } from './app.ts'

let world: World
let run: string

beforeEach(async () => {
  world = await World.start()
  // Nothing delivers its message, so the run goes on for ever.
  run = (await world.api<{ id: string }>('POST', `/api/sources/${await world.source()}/runs`)).id
})

/** Follows the run, lets `change` happen, and returns what came until the stream ended. */
async function followed(headers: Record<string, string>, change: () => Promise<unknown>): Promise<string> {
  const response = await app.request(`https://muster.example.org/api/runs/${run}/events`, { headers }, world.env)
  expect(response.status).toBe(200)
  await change()
  return response.text()
}

describe('the stream of a run', () => {
  it('ends when the token of its reader is revoked', async () => {
    const { id, token } = await world.api<{ id: string; token: string }>('POST', '/api/tokens', { name: 'A' })
    const events = await followed({ Authorization: `Bearer ${token}` }, () => world.api('DELETE', `/api/tokens/${id}`))
    expect(events).toContain('"queued"')
  })

  it('ends when its reader signs out', async () => {
    const headers = { Cookie: '__Host-muster_session=a-session-of-the-administrator' }
    const events = await followed(headers, () => world.api('DELETE', '/api/session'))
    expect(events).toContain('"queued"')
  })
})
