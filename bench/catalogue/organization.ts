import { OWN_SHAPE, type Shape, TEMPLATE_SHAPE } from './file.ts'
import { emailOf, newName, numberAt, type Person } from './people.ts'
import type { Random } from './random.ts'

export const KINDS = ['college', 'rescue', 'staff', 'families', 'club'] as const
export type Kind = (typeof KINDS)[number]

const YEARS = ['First year', 'Second year', 'Third year']
const HALLS = ['North Hall', 'South Hall', 'River House', 'Old Court', 'West Tower', 'Commuters']
const TEAMS = ['Search', 'Rope', 'Swiftwater', 'Avalanche', 'Medical', 'Radio', 'Dogs', 'Drivers']
const UNITS = ['Northern Ridge Rescue', 'Coast Valley Search', 'Lake District Rescue']
const TITLES = ['Member', 'Member', 'Member', 'Team Lead', 'Trainee', 'Coordinator', 'Driver']
const DEPARTMENTS = ['Finance', 'Facilities', 'Library', 'Admissions', 'IT', 'Health', 'Grounds', 'Research']

/** An organization whose list is imported each night, and which changes over time. */
export class Organization {
  readonly kind: Kind
  readonly shape: Shape
  readonly random: Random
  people: Person[] = []
  /** The order in which the export writes its rows; null for the order in which people came. */
  order: ((person: Person) => string) | null = null
  #serial: number

  /**
   * `serial`: where telephone numbers, IDs and addresses start to count, so that two organizations have none in common.
   */
  constructor(kind: Kind, size: number, random: Random, serial = 0) {
    this.kind = kind
    this.random = random
    this.shape = kind === 'staff' || kind === 'club' ? TEMPLATE_SHAPE : OWN_SHAPE
    this.#serial = serial
    while (this.people.length < size) this.join(this.newcomer())
  }

  /** Adds a person. Some share a number with the person before, as in a household or as twins. */
  join(person: Person): void {
    const last = this.people.at(-1)
    const shared = this.kind === 'families' ? 0.4 : 0.02
    if (last !== undefined && this.random.chance(shared)) {
      Object.assign(person, { last: last.last, home: last.home })
      const twins = this.random.chance(0.5)
      if (twins) Object.assign(person, { mobile: last.mobile, groups: last.groups })
    }
    this.people.push(person)
  }

  newcomer(): Person {
    const { kind, random } = this
    const serial = this.#serial++
    const name = newName(random)
    const person: Person = {
      id: idOf(kind, serial, this.people.length),
      ...name,
      organization: '',
      title: '',
      mobile: numberAt(serial),
      home: random.chance(0.3) ? numberAt(5_000_000 + serial) : '',
      email: random.chance(0.9) ? emailOf(name, `${kind}.example.org`, serial) : '',
      priority: random.chance(0.1) ? 'High' : '',
      groups: [],
      texts: random.pick(['Y', 'Y', 'Y', '', '']),
    }
    if (random.chance(0.04)) person.texts = 'N'
    switch (kind) {
      case 'college':
        return { ...person, title: 'Student', groups: [YEARS[serial % YEARS.length] ?? '', random.pick(HALLS)] }
      case 'rescue':
        return {
          ...person,
          organization: random.pick(UNITS),
          title: random.pick(TITLES),
          groups: random.some(TEAMS, 1 + random.below(3)),
        }
      case 'staff':
        return this.#employee(person)
      case 'families':
        return { ...person, groups: [`Class ${1 + random.below(12)}`] }
      case 'club':
        return { ...person, organization: 'Hill Club', title: random.pick(TITLES), groups: ['Everybody'] }
    }
  }

  /** Employees of a department share its landline. */
  #employee(person: Person): Person {
    const department = this.random.below(DEPARTMENTS.length)
    const home = numberAt(9_000_000 + department)
    const name = DEPARTMENTS[department] ?? ''
    return { ...person, organization: name, title: this.random.pick(TITLES), home, groups: [name, 'All staff'] }
  }

  /** Returns the people in the order in which the export writes them. */
  listed(): Person[] {
    const { order } = this
    if (order === null) return [...this.people]
    return this.people.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
  }
}

function idOf(kind: Kind, serial: number, place: number): string {
  switch (kind) {
    case 'college':
      return `9${String(serial).padStart(8, '0')}`
    case 'rescue':
      return `T-${serial + 1}`
    case 'staff':
      return `E${String(serial).padStart(7, '0')}`
    case 'families':
      return `F${serial + 1}`
    // The IDs are row numbers. The accidents with row numbers are in the catalogue.
    case 'club':
      return String(place + 1)
  }
}
