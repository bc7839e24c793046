/**
 * Verifies `X-Twilio-Signature` (Twilio: Validating Signatures): the HMAC-SHA1, in base64, of the called address and
 * the form's parameters by name, each name followed by its value. `token` is the account's auth token.
 */
export async function isFromTwilio(
  signature: string | null,
  url: string,
  form: URLSearchParams,
  token: string,
): Promise<boolean> {
  const bytes = fromBase64(signature ?? '')
  if (bytes === null) return false
  const key = await importKey(token, ['verify'])
  return crypto.subtle.verify('HMAC', key, bytes, signed(url, form))
}

function signed(url: string, form: URLSearchParams): Uint8Array<ArrayBuffer> {
  const names = [...new Set(form.keys())].sort()
  const parameters = names.map((name) =>
    [...new Set(form.getAll(name))]
      .sort()
      .map((value) => name + value)
      .join(''),
  )
  return new TextEncoder().encode(url + parameters.join(''))
}

function importKey(token: string, usages: KeyUsage[]): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  return crypto.subtle.importKey('raw', new TextEncoder().encode(token), algorithm, false, usages)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]{27}=$/.test(text)) return null
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
