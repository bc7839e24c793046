import type { JsonSchema } from './openapi.ts'

/** Values that a reader recognises, by the name of a member. */
const KNOWN: Record<string, unknown> = {
  id: 'k3v9qf2m7hd8x',
  runId: 'x7jpy4sf6qdbu',
  sourceId: 'k3v9qf2m7hd8x',
  key: '1042',
  keys: ['1042', '1043'],
  name: 'Ana O’Brien',
  label: 'Major',
  email: 'ana@example.org',
  emails: ['ana@example.org'],
  number: '+16045550100',
  url: 'https://files.example.org/contacts.csv',
  organization: 'North Shore Rescue',
  title: 'Team Lead',
  groups: ['Search', 'Rope'],
  message: '31 of 2,022 contacts are missing from the file.',
  password: 'a long password',
  reason: 'Asked for it by telephone',
  scopes: ['runs:write'],
  planHash: '9f2c41…',
  subject: 'Team roster: 52 added, 31 removals wait',
}
const FORMATS: Record<string, string> = {
  'date-time': '2026-11-27T02:30:00.000Z',
  email: 'ana@example.org',
  uri: 'https://files.example.org/contacts.csv',
}
/** How deep an example goes; below are only `…`. */
const DEEPEST = 5

/**
 * Returns a value that fits a schema, for a reader of the API description. In a body, members that may be left out are.
 */
export function exampleOf(schema: JsonSchema | boolean | undefined, inBody: boolean, name = '', depth = 0): unknown {
  if (schema === undefined || typeof schema === 'boolean' || depth > DEEPEST) return '…'
  const {
    const: constant,
    enum: values,
    anyOf,
    oneOf,
    type,
    format,
    pattern,
    properties,
    items,
    default: standard,
  } = schema
  if (constant !== undefined) return constant
  if (values?.[0] !== undefined) return values[0]
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
  const isOfType = Array.isArray(known) ? type === 'array' : type === 'string'
  if (known !== undefined && isOfType && (pattern === undefined || new RegExp(pattern).test(String(known))))
    return known
  const [first] = (anyOf ?? oneOf ?? []).map(toObject).filter((one) => one.type !== 'null')
  if (first !== undefined) return exampleOf(first, inBody, name, depth)
  switch (type) {
    case 'object': {
      const all = Object.entries(properties ?? {})
      const needed = all.filter(([member, one]) => schema.required?.includes(member) && toObject(one).readOnly !== true)
      // Of members that may all be left out, one shows the form.
      const members = !inBody ? all : needed.length > 0 ? needed : all.slice(0, 1)
      return Object.fromEntries(members.map(([member, one]) => [member, exampleOf(one, inBody, member, depth + 1)]))
    }
    case 'array':
      return Array.isArray(items) ? [] : [exampleOf(items, inBody, name.replace(/s$/, ''), depth + 1)]
    case 'string':
      return FORMATS[format ?? ''] ?? (standard || 'text')
    case 'integer':
    case 'number':
      return standard ?? schema.minimum ?? 1
    case 'boolean':
      return standard ?? true
    default:
      return standard ?? null
  }
}

function toObject(schema: JsonSchema | boolean): JsonSchema {
  return typeof schema === 'boolean' ? {} : schema
}
