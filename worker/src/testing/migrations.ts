import { type ContactDetails, type ContactNumber, detailsWith } from '../core/contact.ts'

/** A list before and after its people were given new IDs. */
export interface Migration {
  before: Listed[]
  after: Listed[]
}

/** A person in a list. `person` is the same in both lists; only the test knows it. */
interface Listed {
  person: number
  id: string
  details: ContactDetails
}

interface Person {
  first: string
  last: string
  mobile: string | null
  home: string | null
  email: string | null
}

/** Fewer names than people, so that many people have the same name. */
const FIRST =
  'Ana Liam Olivia Noah Emma Zoë José Maya Owen Chloe Priya Wei Fatima Kwame Aoife Łukasz Renée Björn'.split(' ')
const LAST = 'Smith Nguyen Tremblay O’Brien Núñez Smith-Jones Lee García Müller Kim Roy Singh Gagnon Brown'.split(' ')

type Random = (bound: number) => number
type Renaming = (id: string, number: number) => string

/** Ways in which IDs change. */
const KINDS: readonly ((random: Random) => { old: (number: number) => string; renamed: Renaming })[] = [
  () => ({ old: (number) => `E${1000 + number}`, renamed: (id) => `NSR-${id}` }),
  () => ({ old: (number) => String(number + 7), renamed: (id) => id.padStart(6, '0') }),
  () => ({ old: (number) => String(number + 7).padStart(5, '0'), renamed: (id) => String(Number(id)) }),
  () => ({ old: (number) => `${number}`, renamed: (id) => `${id}.0` }),
  (random) => {
    const shift = random(100_000)
    return { old: (number) => `staff${number}`, renamed: (_, number) => `U${((number + 1) * 7919 + shift) % 999_983}` }
  },
]

/**
 * Makes up an organisation whose people get new IDs: all of them or some, while others leave, join, marry, or get new
 * numbers and addresses. There are families and twins who share a number and an address, fathers and sons of one name,
 * people of one name who are not related, and in some organisations the number of the office.
 */
export function migration(seed: number): Migration {
  const random = randomFrom(seed)
  const chance = (percent: number) => random(1000) < percent * 10
  const size = 12 + random(random(2) === 0 ? 40 : 250)
  const office = chance(30) ? mobileOf(random) : null
  const people: Person[] = []
  while (people.length < size) people.push(...household(random, office))
  const { old, renamed } = (KINDS[random(KINDS.length)] ?? KINDS[0])?.(random) ?? never()
  const share = chance(60) ? 100 : 20 + random(70)
  const before = people.map((person, number) => listed(person, number, old(number), random))
  const after = before.flatMap(({ person, id }): Listed[] => {
    if (chance(3)) return []
    const now = changed(people[person] ?? never(), random)
    return [listed(now, person, chance(share) ? renamed(id, person) : id, random)]
  })
  for (let turn = 0, number = people.length; turn < size; turn++) {
    if (!chance(4)) continue
    const namesake = people[random(size)]
    const [joined = never()] = household(random, office)
    const named =
      namesake !== undefined && chance(30) ? { ...joined, first: namesake.first, last: namesake.last } : joined
    after.push(listed(named, number, renamed(old(number), number), random))
    number++
  }
  return { before, after: after.sort(() => random(2) - 0.5) }
}

/** A person, or people who live together. */
function household(random: Random, office: string | null): Person[] {
  const home = random(3) === 0 ? mobileOf(random) : office
  const one = (last: string, shared: Partial<Person> = {}): Person => {
    const first = FIRST[random(FIRST.length)] ?? ''
    const mobile = random(10) === 0 ? null : mobileOf(random)
    const email =
      random(4) === 0 ? null : `${first}.${last}${random(100_000)}@example.org`.toLowerCase().replaceAll('’', '')
    return { first, last, mobile, home: mobile === null && email === null ? mobileOf(random) : home, email, ...shared }
  }
  const last = LAST[random(LAST.length)] ?? ''
  const kind = random(20)
  if (kind < 16) return [one(last)]
  const together = { home: mobileOf(random) }
  if (kind === 16) return [one(last, together), one(last, together), one(last, together)]
  // Couples share an address, and twins a number and an address as well.
  if (kind === 17) return twice(one(last, together), (person) => ({ first: `${person.first}-Marie` }))
  if (kind === 18) return twice(one(last, together), () => ({ first: 'Eva', mobile: mobileOf(random) }))
  // Father and son have one name and live together.
  return twice(one(last, { ...together, mobile: mobileOf(random) }), () => one(last, together), true)
}

function twice(person: Person, other: (person: Person) => Partial<Person>, sameName = false): Person[] {
  const second = { ...person, ...other(person) }
  return [person, sameName ? { ...second, first: person.first, home: person.home } : second]
}

/** A person after a while: a few have another name, number or address. */
function changed(person: Person, random: Random): Person {
  const now = { ...person }
  if (random(100) < 2) now.last = LAST[random(LAST.length)] ?? ''
  if (random(100) < 5 && now.mobile !== null) now.mobile = mobileOf(random)
  if (random(100) < 4 && now.email !== null) now.email = `new${random(1_000_000)}@example.org`
  return now
}

/** Writes a person as one of several programs does. */
function listed({ first, last, mobile, home, email }: Person, person: number, id: string, random: Random): Listed {
  const name = random(4) === 0 ? `${last.toUpperCase()}, ${first}` : `${first} ${last}`
  const number = (text: string | null, type: 'mobile' | 'landline'): ContactNumber[] =>
    text === null ? [] : [{ number: text, type, description: null, extension: null }]
  const numbers = [...number(mobile, 'mobile'), ...number(home, 'landline')]
  return { person, id, details: detailsWith({ name, numbers, emails: email === null ? [] : [email] }) }
}

function mobileOf(random: Random): string {
  return `+1604${2_000_000 + random(7_999_999)}`
}

/** Returns whole numbers below a bound that look random (mulberry32). */
function randomFrom(seed: number): Random {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return (value ^ (value >>> 14)) >>> 0 > 0 ? ((value ^ (value >>> 14)) >>> 0) % bound : 0
  }
}

function never(): never {
  throw new Error('There is one for each number')
}
