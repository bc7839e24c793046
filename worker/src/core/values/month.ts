const ENGLISH = 'january february march april may june july august september october november december'.split(' ')
const FRENCH = 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(' ')
const SHORT: ReadonlyArray<readonly [string, number]> = [
  ['sept', 9],
  ['janv', 1],
  ['fevr', 2],
  ['avr', 4],
  ['juil', 7],
]

const MONTHS: ReadonlyMap<string, number> = new Map([
  ...FRENCH.map((name, index) => [name, index + 1] as const),
  ...ENGLISH.map((name, index) => [name, index + 1] as const),
  ...ENGLISH.map((name, index) => [name.slice(0, 3), index + 1] as const),
  ...SHORT,
  ['fev', 2],
])

/**
 * Returns the number of a month from its English or French name, in full or shortened, whatever its case, accents and
 * final dot.
 */
export function monthNumber(name: string): number | null {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/\.$/u, '').toLowerCase()
  return MONTHS.get(plain) ?? null
}
