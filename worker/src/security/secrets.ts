/**
 * Encrypts secrets at rest with AES-256-GCM under a key that is a secret of the Worker. A sealed secret is
 * `v1.BASE64(nonce, ciphertext and tag)`. It is bound to its owner, so that it can be opened only for that owner.
 */

const VERSION = 'v1'
const NONCE = 12

/** Encrypts `text`. `belongsTo` is its owner, such as the source's ID. `key` is 32 bytes in base64. */
export async function seal(text: string, key: string, belongsTo: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(belongsTo) },
    await importKey(key),
    new TextEncoder().encode(text),
  )
  const bytes = new Uint8Array(NONCE + sealed.byteLength)
  bytes.set(nonce)
  bytes.set(new Uint8Array(sealed), NONCE)
  return `${VERSION}.${toBase64(bytes)}`
}

/** Decrypts what `seal` returned. Throws if the key, the owner or the text is another one. */
export async function open(sealed: string, key: string, belongsTo: string): Promise<string> {
  const [version, body] = sealed.split('.')
  if (version !== VERSION || body === undefined) throw new Error('A stored secret has an unknown form')
  const bytes = fromBase64(body)
  const text = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: bytes.slice(0, NONCE), additionalData: new TextEncoder().encode(belongsTo) },
    await importKey(key),
    bytes.slice(NONCE),
  )
  return new TextDecoder().decode(text)
}

function importKey(key: string): Promise<CryptoKey> {
  const bytes = fromBase64(key)
  if (bytes.length !== 32) throw new Error('ENCRYPTION_KEY must be 32 bytes in base64')
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
