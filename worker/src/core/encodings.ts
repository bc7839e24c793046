/**
 * Returns the name of a text encoding by any of its labels, such as `windows-1250` for `cp1250` (WHATWG Encoding, 4.2).
 * Returns null for a label that the platform’s TextDecoder does not know.
 */
export function encodingNamed(label: string): string | null {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}
