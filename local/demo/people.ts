/** A made-up person of the demo files. No real person is meant. */
export interface Person {
  id: string
  name: string
  organization: string
  title: string
  numbers: { number: string; type: string; description: string }[]
  email: string
  priority: string
  groups: string[]
}

const FIRST = [
  'Ana',
  'Zoë',
  'José',
  'Renée',
  'André',
  'Siân',
  'Łukasz',
  'Søren',
  'Mary-Kate',
  'Liam',
  'Olivia',
  'Noah',
  'Émile',
]
const FIRST_TOO = [
  'Chloé',
  'Björn',
  'Thảo',
  'Aoife',
  'Jürgen',
  'Inês',
  'Kwame',
  'Priya',
  'Wei',
  'Fatima',
  'Dmitri',
  'Grace',
]
const LAST = [
  "O'Brien",
  "D'Angelo",
  'Núñez',
  'Müller',
  'Côté',
  'St. John',
  'van der Berg',
  'McDonald',
  'Nguyễn',
  'Smith-Jones',
]
const LAST_TOO = [
  'Okafor',
  'Sørensen',
  'Lévesque',
  'García',
  'Wong',
  'Singh',
  'Kowalczyk',
  'Tremblay',
  'Ünal',
  "L'Heureux",
  'Fraser',
]
const ORGANIZATIONS = ['Northern Ridge Rescue', 'Coast Valley Search', "St. Brendan's College", 'École Beau-Rivage', '']
const TITLES = ['Team Lead', 'Field Member', 'Search Manager', 'Trainee', 'Paramedic, ACP', 'Drone "Pilot"', '']
const GROUPS = ['Search', 'Rope', 'Swiftwater', 'Avalanche', 'Medical', 'Radio', 'Dogs', 'Drivers', 'Base Camp', 'Élan']
const DESCRIPTIONS = ['work', 'home', 'on call', '']

/** Forty area codes. Each has a hundred numbers that are reserved for fiction: 555-0100 to 555-0199. */
const AREA_CODES =
  '204 206 226 236 250 306 343 360 403 416 418 425 431 437 438 450 503 506 509 514 519 541 579 581 587 604 613 639 647 672 705 709 778 780 807 819 867 902 905 971'.split(
    ' ',
  )

/** Returns the `index`th fictional ten-digit number, from 0 to 3999. */
export function fictionalNumber(index: number): string {
  const area = AREA_CODES[index % AREA_CODES.length] ?? ''
  return `${area}55501${String(Math.floor(index / AREA_CODES.length)).padStart(2, '0')}`
}

/** The count of fictional numbers: a hundred for each area code. */
export const FICTIONAL_NUMBERS = AREA_CODES.length * 100

/**
 * Makes `count` people with IDs of `prefix` and a running number, the same people each time. Their numbers begin at the
 * `firstNumber`th fictional one and are written in the various ways people write them.
 */
export function makePeople(count: number, options: { prefix: string; seed: number; firstNumber: number }): Person[] {
  const random = randomness(options.seed)
  const pick = <T>(from: readonly [T, ...T[]] | T[], otherwise: T) =>
    from[Math.floor(random() * from.length)] ?? otherwise
  let next = options.firstNumber
  return Array.from({ length: count }, (_, index) => {
    const first = pick([...FIRST, ...FIRST_TOO], 'Ana')
    const last = pick([...LAST, ...LAST_TOO], 'Smith')
    const several = random()
    const numbers = Array.from({ length: several < 0.06 ? 3 : several < 0.35 ? 2 : 1 }, (_, place) => ({
      number: written(fictionalNumber(next++), Math.floor(random() * 6)),
      type: place === 0 ? 'Mobile' : place === 1 ? 'Landline' : 'Pager',
      description: pick(DESCRIPTIONS, ''),
    }))
    const priority = random()
    return {
      id: `${options.prefix}${String(index + 1).padStart(4, '0')}`,
      name: `${first} ${last}`,
      organization: pick(ORGANIZATIONS, ''),
      title: pick(TITLES, ''),
      numbers,
      email: random() < 0.85 ? `${emailName(first)}.${emailName(last)}.${index + 1}@example.org` : '',
      priority: priority < 0.1 ? 'High' : priority > 0.95 ? 'Low' : '',
      groups: [...new Set([pick(GROUPS, 'Search'), ...(random() < 0.4 ? [pick(GROUPS, 'Rope')] : [])])],
    }
  })
}

function written(digits: string, way: number): string {
  const [area, exchange, line] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)]
  const ways = [
    `${area}-${exchange}-${line}`,
    `(${area}) ${exchange}-${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `${area}.${exchange}.${line}`,
  ]
  return ways[way] ?? digits
}

/** Returns a name as an e-mail address has it: its letters without accents and case. */
export function emailName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
}

/**
 * Returns a generator of numbers from 0 to 1 that look random and are the same for the same seed (a linear congruence).
 */
function randomness(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
