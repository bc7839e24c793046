import * as z from 'zod'
import { ERRORS } from './problem.ts'
import type { Route } from './route.ts'

/** Returns the API description (OpenAPI 3.1), made from the routes themselves. */
export function describeApi(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    const operations = paths[path] ?? {}
    operations[route.method] = operation(route)
    paths[path] = operations
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Muster', version: VERSION, description: 'Keeps a contact directory in step with a remote source.' },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'muster_session' },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'detail', 'code'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer', enum: Object.keys(ERRORS).map(Number) },
            detail: { type: 'string' },
            code: { type: 'string', enum: ERROR_CODES },
            errors: {
              type: 'array',
              items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
            },
          },
        },
      },
    },
  }
}

const ERROR_CODES = [...new Set(Object.values(ERRORS).flat())]

export const VERSION = '0.1.0'

function operation(route: Route): Record<string, unknown> {
  const { path, summary, role, query, answer, status } = route
  const body = bodySchema(route)
  const inPath = [...path.matchAll(/:(\w+)/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery =
    query === undefined
      ? []
      : Object.entries(jsonSchema(query).properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }))
  return {
    summary: role === null ? summary : `${summary} (${role})`,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    security: role === null ? [] : [{ token: [] }, { session: [] }],
    responses: {
      ...(answer === undefined
        ? { '2XX': { description: 'Done' } }
        : {
            [status]: {
              description: 'Done',
              content: { 'application/json': { schema: jsonSchema(answer, 'output') } },
            },
          }),
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function bodySchema({ body, raw }: Route): JsonSchema | undefined {
  if (body === undefined) return undefined
  return raw === 'patch' ? patchOf(jsonSchema(body)) : jsonSchema(body)
}

/** Returns the schema of a merge patch (RFC 7396) for `schema`: any of its members, null to remove one. */
function patchOf(schema: JsonSchema): JsonSchema {
  const { required: _, default: __, oneOf, anyOf = oneOf, properties = {}, additionalProperties, ...rest } = schema
  const members = Object.entries(properties).map(([name, member]) => [name, orNull(patchOf(toObject(member)))])
  return {
    ...rest,
    ...(members.length === 0 ? {} : { properties: Object.fromEntries(members) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: orNull(patchOf(toObject(additionalProperties))) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((one) => patchOf(toObject(one))) }),
  }
}

/** Converts a schema to an object. A boolean is a schema too: `true` accepts anything, `false` nothing. */
function toObject(schema: JsonSchema | boolean): JsonSchema {
  return schema === true ? {} : schema === false ? { not: {} } : schema
}

function orNull(schema: JsonSchema): JsonSchema {
  const has = schema.anyOf?.some((one) => typeof one === 'object' && one.type === 'null') ?? false
  return has ? schema : { anyOf: [schema, { type: 'null' }] }
}

type JsonSchema = z.core.JSONSchema.BaseSchema

function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', override: ({ jsonSchema }) => loosen(jsonSchema) })
}

/**
 * Allows further members. Answers may gain members later, and a connection that reads back has members beside those of
 * a pattern.
 */
function loosen(schema: JsonSchema): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties
  const pattern = typeof schema.propertyNames === 'object' ? schema.propertyNames.pattern : undefined
  if (pattern === undefined || typeof schema.additionalProperties !== 'object') return
  schema.patternProperties = { [pattern]: schema.additionalProperties }
  delete schema.propertyNames
  delete schema.additionalProperties
}

/** Returns the description for people: every call with its parameters and body. */
export function docsPage(routes: readonly Route[]): string {
  const items = routes.map((route) => {
    const { method, path, summary, role } = route
    const body = bodySchema(route)
    const takes = body === undefined ? '' : `<pre>${escapeHtml(JSON.stringify(body, null, 2))}</pre>`
    return `<details><summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code> ${escapeHtml(summary)} <small>${role ?? 'no sign-in'}</small></summary>${takes}</details>`
  })
  // The `type` of a refusal links to this section.
  const refusals = ERROR_CODES.map((code) => {
    const statuses = Object.entries(ERRORS).filter(([, codes]: [string, readonly string[]]) => codes.includes(code))
    return `<dt id="${code}"><code>${code}</code></dt><dd>${statuses.map(([status]) => status).join(', ')}</dd>`
  })
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Muster: API</title><h1>Muster: API</h1><p>The whole description: <a href="/api/openapi.json">openapi.json</a>.</p>${items.join('\n')}
<h2>Refusals</h2><dl>${refusals.join('\n')}</dl></html>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}
