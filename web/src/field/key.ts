/**
 * Returns a key for a label: `Field of study` → `fieldOfStudy`. Returns an empty key if no key can be made from the
 * label.
 */
export function keyFor(label: string): string {
  const words = label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  const joined = (words ?? [])
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  return joined
    .replace(/^\d+/, '')
    .replace(/^[A-Z]/, (first) => first.toLowerCase())
    .slice(0, 64)
}
