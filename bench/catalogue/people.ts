import type { Random } from './random.ts'

/** A made-up person as in an organization's list. A blank value is unknown. */
export interface Person {
  id: string
  first: string
  last: string
  organization: string
  title: string
  mobile: string
  home: string
  email: string
  priority: '' | 'High' | 'Low'
  groups: string[]
  /** The source's own column for text messages: `N` is an opt-out. */
  texts: '' | 'Y' | 'N'
}

const FIRST =
  'Ana Liam Olivia Noah Emma Lucas Maya Owen Chloe Ethan Grace Jack Sofia Henry Nora Leo Isla Felix Ruby Oscar Priya Wei Fatima Kwame Dmitri Aoife Hana Omar Leila Tomas Ingrid Kofi Mei Ravi Yuki Amara Diego Elena Hugo Clara'.split(
    ' ',
  )
/** First names with a letter that a wrong encoding damages. One in six first names is among them. */
const ACCENTED_FIRST = 'Zoë José Renée André Björn Jürgen Siân Łukasz'.split(' ')
const STARTS =
  'Ash Brad Carl Dun East Fair Gar Hart Ing Kel Lang Mar Nor Oak Pres Quin Rad Sher Thorn Und Wal West Win Yar'.split(
    ' ',
  )
const ENDS =
  'ford ley son well ton field man wood worth by den gate ham land mont shaw stone ville ward wick bury dale ridge croft'.split(
    ' ',
  )
const ACCENTED_LAST = ['Núñez', 'Müller', 'Côté', 'Lévesque', 'García', 'Nguyễn', 'Sørensen', "O'Brien", 'St. John']
const AREA_CODES = '204 250 306 403 416 506 514 604 613 647 705 709 778 780 819 867 902 905'.split(' ')
const EXCHANGES = 70

/** Returns a first name and a last name, one of about 30,000 pairs. */
export function newName(random: Random): Pick<Person, 'first' | 'last'> {
  const first = random.chance(1 / 6) ? random.pick(ACCENTED_FIRST) : random.pick(FIRST)
  return { first, last: newLastName(random) }
}

export function newLastName(random: Random): string {
  return random.chance(1 / 8) ? random.pick(ACCENTED_LAST) : `${random.pick(STARTS)}${random.pick(ENDS)}`
}

/** Returns the `index`th telephone number. All numbers below index twelve million differ. */
export function numberAt(index: number): string {
  const area = AREA_CODES[index % AREA_CODES.length]
  const rest = Math.floor(index / AREA_CODES.length)
  return `(${area}) ${220 + (rest % EXCHANGES)}-${String(Math.floor(rest / EXCHANGES)).padStart(4, '0')}`
}

/**
 * Returns an address as a mail system would make it for the person. `serial` distinguishes people with the same name.
 */
export function emailOf({ first, last }: Pick<Person, 'first' | 'last'>, domain: string, serial: number): string {
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z]/g, '')
  return `${plain(first)}.${plain(last)}${serial}@${domain}`
}
