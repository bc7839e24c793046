import { beforeEach, expect, it, vi } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { InMemoryMuster } from '../testing/in-memory.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { expireContacts, expireRuns } from './retention.ts'

vi.mock('../connections/sftp/container.ts', () => ({ SftpBridge: class {} }))

let world: InMemoryMuster
let source: string
/** The run that removed `ben`. */
let removing: RunView
beforeEach(async () => {
  world = await InMemoryMuster.start()
  source = await world.source({ limits: NO_LIMITS })
  await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'ben' }]))
  removing = await world.import(source, csvOf([{ ID: 'ana' }]))
})

const later = () => Date.now() + 1000

it('a removed contact is not deleted while a run of its source is active, which may bring it back', async () => {
  expect(await expireRuns(world.env, later(), Date.now())).toBe(2)
  world.remote = csvOf([{ ID: 'ana', Title: 'Lead' }])
  await world.api('POST', `/api/sources/${source}/runs`, {})
  expect(await expireContacts(world.env, later())).toBe(0)
  await world.drain()
  expect(await expireContacts(world.env, later())).toBe(1)
})

it('a run does not expire while it is being undone', async () => {
  await world.api('POST', `/api/runs/${removing.id}/undo`)
  expect(await expireRuns(world.env, later(), Date.now())).toBe(1)
  expect((await world.run(removing.id)).expiredAt).toBeNull()
})
