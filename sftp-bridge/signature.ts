/**
 * Signs requests, so that the bridge knows that they come from the Worker. The header reads `t=UNIX,n=NONCE,v1=HEX`:
 * HMAC-SHA256 with the shared secret over method, path, time, nonce and the body's SHA-256. While the secret changes, the Worker
 * signs with the new and the old one (a second `v1`), and the bridge takes either. The nonce makes two equal
 * requests in one second differ, so that each signature can be used once. Only WebCrypto is used: the Worker imports
 * this file too.
 */

export const SIGNATURE_HEADER = 'Muster-Signature'

/** The largest allowed difference between the time of a signature and the clock of the bridge, in seconds. */
export const SIGNATURE_SECONDS = 60

const HEADER = /^t=(\d{1,12}),n=([0-9a-f]{32})((?:,v1=[0-9a-f]{64}){1,2})$/
const encoder = new TextEncoder()

/** The signed parts of a request. `path` is the path of the URL, without a query. */
export interface SignedRequest {
  method: string
  path: string
  body: Uint8Array<ArrayBuffer>
}

/** Returns the value of `Muster-Signature` for a request made at `at` (seconds since 1970), signed with each secret. */
export async function signRequest(secrets: readonly string[], request: SignedRequest, at: number): Promise<string> {
  const nonce = hex(crypto.getRandomValues(new Uint8Array(16)))
  const text = await signedText(request, String(at), nonce)
  const sign = async (secret: string) => crypto.subtle.sign('HMAC', await hmacKey(secret, 'sign'), text)
  const signatures = await Promise.all(secrets.map(sign))
  return `t=${at},n=${nonce}${signatures.map((one) => `,v1=${hex(new Uint8Array(one))}`).join('')}`
}

/**
 * Returns the nonce of a request that is signed with one of the secrets and not too old, or null. The caller must keep the nonce for
 * `2 * SIGNATURE_SECONDS` and refuse it a second time.
 */
export async function verifyRequest(
  secrets: readonly string[],
  request: SignedRequest,
  header: string | undefined,
  at: number,
): Promise<string | null> {
  const [, time, nonce, signatures] = HEADER.exec(header ?? '') ?? []
  if (time === undefined || nonce === undefined || signatures === undefined) return null
  if (Math.abs(at - Number(time)) > SIGNATURE_SECONDS) return null
  const text = await signedText(request, time, nonce)
  const given = signatures.split(',v1=').slice(1).map(fromHex)
  for (const secret of secrets) {
    const key = await hmacKey(secret, 'verify')
    // WebCrypto compares in constant time.
    for (const one of given) if (await crypto.subtle.verify('HMAC', key, one, text)) return nonce
  }
  return null
}

function hmacKey(secret: string, use: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [use])
}

async function signedText(request: SignedRequest, time: string, nonce: string): Promise<Uint8Array<ArrayBuffer>> {
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', request.body)))
  return encoder.encode(`${request.method} ${request.path}\n${time}\n${nonce}\n${digest}`)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
