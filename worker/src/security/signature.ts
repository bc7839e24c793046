import { hex } from './passwords.ts'

/** The largest allowed difference between a signature's time and our clock, in seconds. */
const TOLERANCE = 300

export type SignatureVerdict = 'valid' | 'invalid' | 'expired'

/**
 * Verifies `Muster-Signature: t=UNIX,v1=HEX`, where HEX is the HMAC-SHA256 of `t.body` under the webhook's secret.
 * `now` is in seconds.
 */
export async function verifySignature(
  header: string | null,
  body: Uint8Array,
  secret: string,
  now: number,
): Promise<SignatureVerdict> {
  const [, time, signature] = /^t=(\d{1,12}),\s*v1=([0-9a-f]{64})$/i.exec(header ?? '') ?? []
  if (time === undefined || signature === undefined) return 'invalid'
  const key = await importKey(secret, ['verify'])
  const signed = Uint8Array.from(signature.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  const genuine = await crypto.subtle.verify('HMAC', key, signed, signedBytes(time, body))
  if (!genuine) return 'invalid'
  return Math.abs(now - Number(time)) <= TOLERANCE ? 'valid' : 'expired'
}

/** Returns the header for a body sent at `time`, in seconds, as a caller of the webhook computes it. */
export async function sign(body: Uint8Array, secret: string, time: number): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await importKey(secret, ['sign']), signedBytes(String(time), body))
  return `t=${time},v1=${hex(new Uint8Array(signature))}`
}

function signedBytes(time: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new TextEncoder().encode(`${time}.`)
  const bytes = new Uint8Array(prefix.length + body.length)
  bytes.set(prefix)
  bytes.set(body, prefix.length)
  return bytes
}

function importKey(secret: string, usages: KeyUsage[]): Promise<CryptoKey> {
  return crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    usages,
  )
}
