import type { ConnectionView } from '../../../worker/src/api/views/source.ts'
import { factsOf, isSameServer } from '../../../worker/src/connections/facts.ts'
import { type ConnectionDraft, connectionSchema } from '../../../worker/src/connections/schema.ts'
import { beforeQuery, keysInAddress } from '../../../worker/src/connections/shown-address.ts'

/**
 * Returns whether a connection is filled in far enough to be tested: it is valid, and of the secrets it can have at least one
 * was entered or is saved. A public file needs none.
 */
export function isReachable(connection: ConnectionDraft, saved: ConnectionView | null): boolean {
  if (!connectionSchema.safeParse(connection).success) return false
  const { secrets } = factsOf(connection)
  if (secrets.length === 0 || isPublic(connection)) return true
  const kept = saved !== null && isSameServer(saved, connection)
  return kept || secrets.some((path) => typeof memberAt(connection, path) === 'string')
}

function isPublic(connection: ConnectionDraft): boolean {
  if (connection.kind !== 'https') return false
  const { username, bearer, header } = connection
  return username == null && bearer == null && header == null
}

/**
 * Returns the connection without its secrets, to be kept in the browser. Of an address whose query may have a key in it only
 * the part before the query is kept.
 */
export function withoutSecrets(connection: ConnectionDraft): ConnectionDraft {
  const open = factsOf(connection).secrets.reduce((rest, path) => without(rest, path.split('.')), connection)
  return 'url' in open && keysInAddress(open.url).length > 0 ? { ...open, url: beforeQuery(open.url) } : open
}

/** The absent member of a secret means: none was entered. A null one is a choice, such as a key in place of a password. */
function without<T extends object>(object: T, [name = '', ...rest]: string[]): T {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]: [string, unknown]) => {
      if (key !== name || value === null) return [[key, value]]
      return rest.length > 0 && typeof value === 'object' ? [[key, without(value as object, rest)]] : []
    }),
  ) as T
}

function memberAt(object: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      object,
    )
}
