import * as z from 'zod'
import { ERRORS } from './problem.ts'
import { REFUSALS } from './refusals.ts'
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
        session: { type: 'apiKey', in: 'cookie', name: '__Host-muster_session' },
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
            code: { type: 'string', enum: ERROR_CODES, description: CODES_IN_WORDS },
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
const CODES_IN_WORDS = ERROR_CODES.map((code) => `- \`${code}\`: ${REFUSALS[code]}`).join('\n')

export const VERSION = '0.1.0'

function operation(route: Route): Record<string, unknown> {
  const { summary, role, status } = route
  const body = bodySchema(route)
  const answer = answerSchema(route)
  return {
    summary: role === null ? summary : `${summary} (${rightsOf(route)})`,
    parameters: parametersOf(route),
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    ...(route.raw === 'stream' && { requestBody: { content: { 'application/octet-stream': {} } } }),
    security: role === null ? [] : [{ token: [] }, { session: [] }],
    responses: {
      ...(answer === undefined
        ? { '2XX': { description: 'Done' } }
        : {
            [status]: {
              description: 'Done',
              content: { 'application/json': { schema: answer } },
            },
          }),
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** Describes the parameters of a call: those of its path, then those of its query. */
export function parametersOf({ path, query }: Route) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' } as JsonSchema | boolean | undefined,
  }))
  const properties = query === undefined ? {} : (jsonSchema(query).properties ?? {})
  return [...inPath, ...Object.entries(properties).map(([name, schema]) => parameter(name, schema))]
}

/** Returns the schema of a call's answer; undefined if it is empty or not JSON. */
export function answerSchema({ answer }: Route): JsonSchema | undefined {
  return answer === undefined ? undefined : jsonSchema(answer, 'output')
}

/** Describes a parameter of a query. The members of a record are parameters of their own: `field.KEY`. */
function parameter(name: string, schema: JsonSchema | boolean) {
  const { propertyNames, additionalProperties } = toObject(schema)
  return propertyNames === undefined
    ? { name, in: 'query', schema }
    : { name: `${name}.KEY`, in: 'query', schema: additionalProperties }
}

/** Returns the rights that a call needs, in words: a role, or a token's scope. */
export function rightsOf({ role, scope }: Route): string {
  return scope === undefined ? `${role}` : `${role}, or a token with ${scope}`
}

export function bodySchema({ body, raw, view }: Route): JsonSchema | undefined {
  if (body === undefined) return undefined
  const accepted = withReadOnly(jsonSchema(body), view === undefined ? {} : jsonSchema(view))
  return raw === 'patch' ? patchOf(accepted) : accepted
}

/**
 * Returns the schema of a body that may be sent as it reads back: with the members that only its `view` has, of any
 * value, as read-only. An alternative of the body and that of the view at the same place describe the same kind.
 */
function withReadOnly(body: JsonSchema, view: JsonSchema): JsonSchema {
  const { properties, items, oneOf, anyOf } = body
  const shared = (name: string, schema: JsonSchema | boolean) => {
    const other = view.properties?.[name]
    return other === undefined ? schema : withReadOnly(toObject(schema), toObject(other))
  }
  const more = Object.keys(view.properties ?? {}).filter((name) => !Object.hasOwn(properties ?? {}, name))
  const each = (all: JsonSchema[], others: JsonSchema[] = []) =>
    all.map((one, index) => withReadOnly(one, others.length === all.length ? (others[index] ?? {}) : {}))
  return {
    ...body,
    ...(properties !== undefined && {
      properties: Object.fromEntries([
        ...Object.entries(properties).map(([name, schema]) => [name, shared(name, schema)]),
        ...more.map((name) => [name, { readOnly: true }]),
      ]),
    }),
    ...(isOne(items) && isOne(view.items) && { items: withReadOnly(items, view.items) }),
    ...(oneOf !== undefined && { oneOf: each(oneOf, view.oneOf) }),
    ...(anyOf !== undefined && { anyOf: each(anyOf, view.anyOf) }),
  }
}

function isOne(schema: JsonSchema['items']): schema is JsonSchema {
  return typeof schema === 'object' && !Array.isArray(schema)
}

/** Returns the schema of a merge patch (RFC 7396) for `schema`: any of its members, null to remove one. */
function patchOf(schema: JsonSchema): JsonSchema {
  const { required: _, default: __, oneOf, anyOf = oneOf, properties = {}, additionalProperties, ...rest } = schema
  const members = Object.entries(properties).map(([name, one]) => {
    const member = toObject(one)
    return [name, member.readOnly === true ? member : orNull(patchOf(member))]
  })
  return {
    ...rest,
    ...(members.length === 0 ? {} : { properties: Object.fromEntries(members) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: orNull(patchOf(additionalProperties)) }
      : additionalProperties === false && { additionalProperties }),
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

export type JsonSchema = z.core.JSONSchema.BaseSchema

function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      // A request has only the described members (invariant 15). Answers may gain members later.
      if (jsonSchema.properties === undefined) return
      if (io === 'input') jsonSchema.additionalProperties ??= false
      else delete jsonSchema.additionalProperties
    },
  })
}
