import { createHmac, timingSafeEqual } from 'node:crypto'

/*
 * One-time codes of an authenticator app (RFC 6238) with what every app takes for granted: SHA-1, six digits, half a minute.
 * It is the standard in twenty lines, and the packages for it bring hash functions of their own.
 */

const STEP_SECONDS = 30
const SECRET_BYTES = 20
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Returns a new secret, in base32 without padding (RFC 4648, section 6). */
export function newTotpSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('')
}

/** Returns the address that an authenticator app reads from a QR code. */
export function totpUri(secret: string, account: string): string {
  const label = `${encodeURIComponent('Muster')}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=Muster`
}

/** Returns the code of a half minute, counted from 1970. */
export function totpCode(secret: string, step: number): string {
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const mac = createHmac('sha1', base32Bytes(secret)).update(new Uint8Array(counter.buffer)).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/**
 * Returns the half minute that a code is of: the current one, or one of its neighbours, since clocks differ. Returns null if
 * it is of none of them. `now`: in milliseconds since 1970.
 */
export function stepOf(secret: string, code: string, now: number): number | null {
  const current = Math.floor(now / 1000 / STEP_SECONDS)
  if (!/^\d{6}$/.test(code)) return null
  for (const step of [current, current - 1, current + 1]) {
    if (timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code))) return step
  }
  return null
}

function base32Bytes(text: string): Uint8Array {
  const bits = [...text].map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (eight) => Number.parseInt(eight, 2))
}
