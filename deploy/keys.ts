import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

const keysSchema = z.object({
  /** 32 random bytes in base64: encrypts the secrets of sources. */
  ENCRYPTION_KEY: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64'),
  /** Signs the Worker's requests to the SFTP bridge. */
  BRIDGE_SECRET: z.string().min(32, 'must have at least 32 characters'),
  /** The first administrator's password. */
  ADMIN_PASSWORD: z.string().min(12, 'must have at least 12 characters'),
})
/** The secrets that a deploy makes once. */
export type Keys = z.infer<typeof keysSchema>
const someKeysSchema = keysSchema.partial()
/** Those of them that are known here. */
export type SomeKeys = z.infer<typeof someKeysSchema>

/** The secrets without which the Worker must not be deployed. */
export const REQUIRED = ['ENCRYPTION_KEY', 'BRIDGE_SECRET'] as const

const MAKE: { [Name in keyof Keys]: () => string } = {
  ENCRYPTION_KEY: () => randomBytes(32).toString('base64'),
  BRIDGE_SECRET: () => randomBytes(32).toString('hex'),
  ADMIN_PASSWORD: () => randomBytes(12).toString('base64url'),
}

const file = (folder: string) => join(folder, 'deploy.keys.json')

/**
 * Returns the keys that an earlier deploy made, with those that the environment has in front. Throws a `ZodError` if one of them
 * is no such key.
 */
export function readKeys(folder: string, env: NodeJS.ProcessEnv): SomeKeys {
  const given = Object.fromEntries(Object.keys(MAKE).flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  return someKeysSchema.parse({ ...readFile(folder), ...given })
}

/**
 * Makes the keys in `names` that are not in `keys`, and keeps them in `deploy.keys.json`, which only its owner can read, before they
 * are used anywhere: a deploy that stops afterwards finds them again. Returns all keys.
 */
export function makeKeys(folder: string, keys: SomeKeys, names: readonly (keyof Keys)[]): SomeKeys {
  const made = Object.fromEntries(names.filter((name) => keys[name] === undefined).map((name) => [name, MAKE[name]()]))
  keep(folder, { ...readFile(folder), ...made })
  return { ...keys, ...made }
}

/** Forgets the first administrator's password, which is of no use any more. */
export function forgetPassword(folder: string): void {
  const { ADMIN_PASSWORD: _, ...others } = readFile(folder)
  if (Object.keys(others).length > 0) keep(folder, others)
}

function readFile(folder: string): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file(folder), 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

function keep(folder: string, keys: Record<string, string>): void {
  // The file is renamed into place, so that a stop during the write cannot leave half a key.
  writeFileSync(`${file(folder)}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file(folder)}.new`, file(folder))
}
