import { describe, expect, it } from 'vitest'
import { FAILURE_CODES } from '../core/failure.ts'
import { HOLD_REASONS } from '../core/limits.ts'
import { PROBLEM_CODES } from '../core/problem.ts'
import { AUDIT_ACTIONS } from '../store/audit.ts'
import { NOTIFICATION_KINDS } from '../store/notifications.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { describeApi } from './openapi.ts'
import { ERRORS } from './problem.ts'
import { routes } from './routes.ts'

/** Answers that are not JSON: files, event streams and a page. */
const DOWNLOADS = /\.(csv|xlsx)$|\/(snapshot|events|html)$/

interface Schema {
  properties?: Record<string, Schema>
  required?: string[]
  anyOf?: Schema[]
  const?: unknown
  default?: unknown
}

/** Returns each described call, with the schema of its body. */
function operations(): { method: string; path: string; body: Schema | undefined }[] {
  const described = JSON.parse(JSON.stringify(describeApi(routes).paths))
  return Object.entries(described).flatMap(([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]) => ({
      method,
      path,
      body: operation.requestBody?.content['application/json']?.schema,
    })),
  )
}

function bodyOf(method: string, path: string): Schema | undefined {
  return operations().find((one) => one.method === method && one.path === path)?.body
}

describe('the API description', () => {
  it('the API description has the answer of every call, unless the answer is a file or empty', () => {
    const silent = routes.filter(({ answer, path, method }) => !answer && method !== 'delete' && !DOWNLOADS.test(path))
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual(['post /api/session/confirm'])
  })

  it('the API description names the members of every body', () => {
    const silent = operations().filter(({ body }) => body !== undefined && body.properties === undefined)
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  })

  it('the API description has the required members of a new contact, and lets its patch have any member, or null', () => {
    const made = bodyOf('post', '/api/contacts')
    expect(made?.required).toEqual(['id', 'name'])
    expect(made?.properties).toMatchObject({ emails: { type: 'array' }, priority: { default: 'normal' } })
    const patch = bodyOf('patch', '/api/contacts/{key}')
    expect(patch?.required).toBeUndefined()
    expect(patch?.properties).toMatchObject({
      name: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] },
      fields: { anyOf: [{ additionalProperties: { anyOf: [{ type: 'array' }, { type: 'null' }] } }, { type: 'null' }] },
    })
  })

  it('the API description of a source’s patch includes its connection, and any member may be left out', () => {
    const { connection } = bodyOf('patch', '/api/sources/{id}')?.properties ?? {}
    const [kinds] = connection?.anyOf ?? []
    const kept = kinds?.anyOf?.map(({ properties, required, default: standard }) => [
      properties?.kind?.anyOf?.[0]?.const,
      required,
      standard,
    ])
    expect(kept).toContainEqual(['https', undefined, undefined])
    expect(kept?.length).toBeGreaterThan(3)
  })

  it('the API description is self-contained: it has every schema that it refers to', () => {
    const description = JSON.stringify(describeApi(routes))
    const refs = new Set([...description.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref))
    expect([...refs]).toEqual(['#/components/schemas/Problem'])
  })

  it('the API description allows further members in answers and in no body', () => {
    const description = describeApi(routes).paths
    const open: string[] = []
    const seen = { bodies: 0, answers: 0 }
    const visit = (value: unknown, at: string, inBody: boolean) => {
      if (typeof value !== 'object' || value === null) return
      if (!Array.isArray(value) && 'type' in value && value.type === 'object' && 'properties' in value) {
        seen[inBody ? 'bodies' : 'answers']++
        if (('additionalProperties' in value && value.additionalProperties === false) !== inBody) open.push(at)
      }
      for (const [name, part] of Object.entries(value)) visit(part, `${at} ${name}`, inBody || name === 'requestBody')
    }
    visit(description, '', false)
    expect(open).toEqual([])
    expect(seen.bodies).toBeGreaterThan(50)
    expect(seen.answers).toBeGreaterThan(50)
  })

  it('the API description shows which members of a body only read back', () => {
    const { connection, lastRun } = bodyOf('patch', '/api/sources/{id}')?.properties ?? {}
    expect(lastRun).toEqual({ readOnly: true })
    const members = connection?.anyOf?.[0]?.anyOf?.flatMap(({ properties }) => Object.keys(properties ?? {}))
    expect(members).toEqual(expect.arrayContaining(['password', 'hasPassword', 'hasPrivateKey']))
  })

  it('the API description names every code for failed and waiting runs, for problems of rows and for refusals', () => {
    const enums = new Set<string>()
    JSON.stringify(describeApi(routes), (_, value) => {
      if (Array.isArray(value?.enum)) enums.add(JSON.stringify(value.enum.toSorted()))
      return value
    })
    const refusals = [...new Set(Object.values(ERRORS).flat())]
    for (const codes of [FAILURE_CODES, HOLD_REASONS, PROBLEM_CODES, refusals, NOTIFICATION_KINDS, AUDIT_ACTIONS]) {
      expect(enums).toContain(JSON.stringify(codes.toSorted()))
    }
  })

  it('the API description can be read without signing in, by programs and by people', async () => {
    const { env } = await World.start()
    const description = await app.request('/api/openapi.json', {}, env)
    expect(await description.json()).toMatchObject({ openapi: '3.1.0' })
    expect(await (await app.request('/api/docs', {}, env)).text()).toContain('/api/sources/{id}/runs')
  })
})
