import type { Env } from '../env.ts'
import { derivedKey, type KeyedHash, keyedHash } from '../security/keyed-hash.ts'
import { keysOf, unlessUnreadable } from '../security/secrets.ts'
import { first, named } from './database.ts'
import { hasSecret, insertSecret, readSecret, writeSecret } from './settings.ts'

/** Returns the hash by which people who were erased are recognised. Throws `Failure` `secret_unreadable`. */
export async function erasedHash(env: Env): Promise<KeyedHash> {
  const stored = await readSecret(env, 'erasedKey')
  return keyedHash(stored ?? (await keepErasedKey(env)))
}

/**
 * Stores the key of that hash, sealed like a secret, so that it outlives the encryption key. Earlier versions derived it from the
 * encryption key at each use; it stays what it was then. Of several keys the last is the oldest. Returns the stored key.
 */
async function keepErasedKey(env: Env): Promise<string> {
  const derived = derivedKey(keysOf(env).at(-1) ?? '', 'erased people')
  await insertSecret(env, 'erasedKey', derived)
  const kept = await unlessUnreadable(readSecret(env, 'erasedKey'), null)
  if (kept !== null) return kept
  // The encryption key was lost. While nobody is erased, nothing depends on the key of the hash.
  const erased = await first(env, named(`SELECT 1 FROM erasure LIMIT 1`))
  if (erased === null) await writeSecret(env, 'erasedKey', derived)
  return erased === null ? derived : ((await readSecret(env, 'erasedKey')) ?? derived)
}

/** Stores the key of the hash unless it is stored. */
export async function ensureErasedKey(env: Env): Promise<void> {
  if (!(await hasSecret(env, 'erasedKey'))) await keepErasedKey(env)
}
