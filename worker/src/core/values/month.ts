const ENGLISH = 'january february march april may june july august september october november december'.split(' ')
const FRENCH = 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(' ')
const GERMAN = 'januar februar marz april mai juni juli august september oktober november dezember'.split(' ')
const SPANISH = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ')
const ITALIAN = 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'.split(
  ' ',
)
const SHORT: ReadonlyArray<readonly [string, number]> = [
  ['sept', 9],
  ['janv', 1],
  ['fevr', 2],
  ['avr', 4],
  ['juil', 7],
  ['janner', 1],
  ['marz', 3],
  ['okt', 10],
  ['dez', 12],
  ['ene', 1],
  ['abr', 4],
  ['ago', 8],
  ['dic', 12],
  ['setiembre', 9],
]

const MONTHS: ReadonlyMap<string, number> = new Map([
  ...[GERMAN, SPANISH, ITALIAN].flatMap((names) => names.map((name, index) => [name, index + 1] as const)),
  ...FRENCH.map((name, index) => [name, index + 1] as const),
  ...ENGLISH.map((name, index) => [name, index + 1] as const),
  ...ENGLISH.map((name, index) => [name.slice(0, 3), index + 1] as const),
  ...SHORT,
  ['fev', 2],
])

/**
 * Returns the number of a month from its name in English, French, German, Spanish or Italian, in full or shortened,
 * whatever its case, accents and final dot.
 */
export function monthNumber(name: string): number | null {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/\.$/u, '').toLowerCase()
  return MONTHS.get(plain) ?? null
}
