import * as z from 'zod'
import { factsOf, isSameServer } from '../connections/facts.ts'
import { type ConnectionSettings, connectionSchema } from '../connections/schema.ts'
import { hasPath, type Secrets, secretsIn, valueAt, withoutSecrets, withSecrets } from '../connections/secrets.ts'
import type { SourceRow } from '../store/sources.ts'
import { parse } from './input.ts'
import { isObject } from './json-object.ts'
import { parsePatched } from './merge-patch.ts'
import { sourceViewSchema } from './views/source.ts'

/** A connection with the secrets that are kept. Some rules are about settings and secrets together. */
const wholeSchema = z.object({ connection: connectionSchema })

/**
 * Returns the settings that a patch makes of a source's, with the secrets that are kept. `stored`: its connection with its
 * secrets. A query that only reads back as `?…` is the stored one, if the rest of the address is (api: Roles). Throws
 * `ApiError` 400.
 */
export function patched<T extends { connection: ConnectionSettings }>(
  schema: z.ZodType<T>,
  source: SourceRow,
  stored: ConnectionSettings,
  body: Record<string, unknown>,
): T {
  const { open: shown, secrets } = withoutSecrets(stored)
  const sent = isObject(body.connection) ? body.connection : {}
  const sameKind = sent.kind === undefined || sent.kind === stored.kind
  const address = sameKind && secrets.url !== undefined ? { url: secrets.url } : {}
  const before = { ...source.settings, name: source.name, connection: withSecrets(shown, address) }
  const unchanged = address.url !== undefined && sent.url === valueAt(shown, 'url')
  const patch = unchanged ? { ...body, connection: { ...sent, ...address } } : body
  const parsed = parsePatched(schema, before, patch, sourceViewSchema)
  const { connection } = parsed
  const { open, secrets: entered } = withoutSecrets(connection)
  const kept = isSameServer(stored, connection) ? secretsIn(open, without(secrets, ['url'])) : {}
  const all = { ...without(kept, clearedSecrets(sent, factsOf(open).secrets)), ...entered }
  return { ...parsed, ...parse(wholeSchema, { connection: withSecrets(open, all) }, 'body') }
}

/** Returns the secrets that a patch sets to null. With `has…: true`, null is only how the secret reads back. */
function clearedSecrets(sent: unknown, secrets: readonly string[]): string[] {
  return secrets.filter((path) => valueAt(sent, path) === null && valueAt(sent, hasPath(path)) !== true)
}

function without(values: Secrets, names: readonly string[]): Secrets {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
}
