import { timingSafeEqual } from 'node:crypto'
import { derivedKey, keyedHash } from './keyed-hash.ts'
import { type EncryptionKeys, keysOf } from './secrets.ts'

/**
 * A device from which a person has signed in keeps a signed value, `USER.TIME.SIGNATURE`. There the guesses of strangers
 * cannot lock the person out. A new password ends all of a person's known devices.
 */

/** How long a device is known after a sign-in, in seconds. */
export const DEVICE_LASTS = 180 * 24 * 60 * 60

/** The user whom a device is known for, with the password hash. */
interface Owner {
  id: string
  password: string | null
}

/** Returns the value that the device of a person who has just signed in keeps. `now`: in milliseconds since 1970. */
export function deviceOf(keys: EncryptionKeys, owner: Owner, now: number): string {
  return signed(keysOf(keys)[0] ?? '', owner, Math.floor(now / 1000))
}

/** Returns whether a device kept a value that was made for this user and is not too old. */
export function isKnownDevice(keys: EncryptionKeys, owner: Owner, value: string | null, now: number): boolean {
  const since = Number(value?.split('.')[1])
  if (value === null || !Number.isSafeInteger(since) || since + DEVICE_LASTS < now / 1000) return false
  const given = new TextEncoder().encode(value)
  return keysOf(keys).some((key) => {
    const expected = new TextEncoder().encode(signed(key, owner, since))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function signed(secret: string, { id, password }: Owner, since: number): string {
  const signature = keyedHash(derivedKey(secret, 'known devices'))(JSON.stringify([id, since, password]))
  return `${id}.${since}.${signature}`
}
