import { describe, expect, it } from 'vitest'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { describeApi } from './openapi.ts'
import { routes } from './routes.ts'

/** Answers that are no JSON: files, and events as they happen. */
const DOWNLOADS = /\.(csv|xlsx)$|\/snapshot$|\/events$/

describe('The API description', () => {
  it('says what every call answers with, unless that is a file or nothing', () => {
    const silent = routes.filter(({ answer, path, method }) => !answer && method !== 'delete' && !DOWNLOADS.test(path))
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })

  it('is complete in itself: it refers to nothing that it does not hold', () => {
    const description = JSON.stringify(describeApi(routes))
    const refs = new Set([...description.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref))
    expect([...refs]).toEqual(['#/components/schemas/Problem'])
  })

  it('lets a connection read back with what it says of its secrets', () => {
    const description = JSON.stringify(describeApi(routes))
    expect(description).toContain('"patternProperties":{"^has')
    expect(description).not.toContain('"additionalProperties":false')
  })

  it('can be read without signing in, by programs and by people', async () => {
    const { env } = await World.start()
    const description = await app.request('/api/openapi.json', {}, env)
    expect(await description.json()).toMatchObject({ openapi: '3.1.0' })
    expect(await (await app.request('/api/docs', {}, env)).text()).toContain('/api/sources/:id/runs')
  })
})
