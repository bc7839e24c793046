import { type Kind, Organization } from './organization.ts'
import { emailOf, newLastName, numberAt, type Person } from './people.ts'
import { Random } from './random.ts'

/** A change in an organization from one night to the next. */
interface Event {
  name: string
  kinds?: readonly Kind[]
  /** The probability that it happens in a night. `night` is counted from 0 within a series. */
  chance: number | ((night: number) => number)
  happen(organization: Organization, night: number): void
}

/** How many nights a series of one organization has. */
const SERIES = 25
const SPARE_NUMBERS = 7_000_000

/** Picks a share of the people, at least one if there are any. */
function few({ people, random }: Organization, share: number): Person[] {
  return random.some(people, Math.max(1, random.hits(people.length, share)))
}

const newNumber = (random: Random) => numberAt(SPARE_NUMBERS + random.below(1_000_000))

const ORDINARY: readonly Event[] = [
  {
    name: 'marriage',
    chance: 0.3,
    happen(organization) {
      for (const person of few(organization, 0.001)) {
        person.last = newLastName(organization.random)
        if (person.email !== '' && organization.random.chance(0.5)) {
          person.email = emailOf(person, 'married.example.org', organization.random.below(1e6))
        }
      }
    },
  },
  {
    name: 'new number',
    chance: 0.6,
    happen(organization) {
      for (const person of few(organization, 0.003)) {
        // Few people have only a landline, or change both numbers.
        person.mobile = newNumber(organization.random)
        if (person.home !== '' && organization.random.chance(0.2)) person.home = newNumber(organization.random)
      }
    },
  },
  {
    name: 'another e-mail address',
    chance: 0.4,
    happen(organization) {
      for (const person of few(organization, 0.002))
        person.email = emailOf(person, 'mail.example.net', organization.random.below(1e6))
    },
  },
  {
    name: 'new title',
    chance: 0.4,
    happen(organization) {
      for (const person of few(organization, 0.004))
        person.title = organization.random.pick(['Deputy', 'Lead', 'Member', 'Coordinator'])
    },
  },
  {
    name: 'moved to another group',
    chance: 0.5,
    happen(organization) {
      const groups = [...new Set(organization.people.flatMap((person) => person.groups))]
      for (const person of few(organization, 0.004))
        person.groups = [...person.groups.slice(1), organization.random.pick(groups)]
    },
  },
  {
    name: 'new members',
    chance: 0.5,
    happen(organization) {
      const { people, random } = organization
      for (let count = Math.max(1, random.hits(people.length, 0.002)); count > 0; count--) {
        organization.join(organization.newcomer())
      }
    },
  },
  {
    name: 'leavers',
    chance: 0.4,
    kinds: ['college', 'rescue', 'staff', 'families'],
    happen(organization) {
      const { people, random } = organization
      const gone = new Set(random.some(people, random.hits(people.length, 0.005)))
      if (organization.people.length > 20) organization.people = organization.people.filter((one) => !gone.has(one))
    },
  },
  {
    name: 'weekly rota',
    kinds: ['rescue', 'staff'],
    chance: (night) => (night % 7 === 0 ? 1 : 0),
    happen({ people, random }) {
      const duty = numberAt(8_000_000)
      for (const person of people) {
        person.groups = person.groups.filter((group) => group !== 'On call')
        if (person.home === duty) person.home = ''
      }
      const crew = random.some(people, Math.min(8, Math.ceil(people.length / 6)))
      for (const person of crew) person.groups = [...person.groups, 'On call']
      // The first person of the crew has the duty telephone.
      if (crew[0] !== undefined) crew[0].home = duty
    },
  },
  {
    name: 'newly filled column',
    chance: 0.01,
    happen({ people, random }) {
      for (const [i, person] of people.entries()) {
        if (person.home === '') person.home = numberAt(10_000_000 + i)
        if (person.title === '') person.title = 'Member'
        if (person.email === '' && random.chance(0.8)) person.email = emailOf(person, 'new.example.org', i)
      }
    },
  },
  {
    name: 'another order of rows',
    chance: 0.15,
    kinds: ['college', 'rescue', 'staff', 'families'],
    happen(organization) {
      const by: ((person: Person) => string)[] = [
        ({ last, first, id }) => `${last} ${first} ${id}`,
        ({ organization: of, id }) => `${of} ${id}`,
        ({ mobile, id }) => `${mobile} ${id}`,
        ({ id }) => id,
      ]
      organization.order = organization.random.pick(by)
    },
  },
  {
    name: 'household: two exchange their telephones',
    chance: 0.03,
    kinds: ['families', 'rescue'],
    happen({ people, random }) {
      const [one, other] = random.some(people, 2)
      if (one !== undefined && other !== undefined) [one.mobile, other.mobile] = [other.mobile, one.mobile]
    },
  },
  {
    name: 'a family moves to one number',
    chance: 0.05,
    kinds: ['families'],
    happen({ people, random }) {
      const from = random.below(Math.max(1, people.length - 4))
      const family = people.slice(from, from + 2 + random.below(3))
      for (const person of family) person.mobile = family[0]?.mobile ?? person.mobile
    },
  },
  {
    name: 'new priorities',
    chance: 0.05,
    happen(organization) {
      for (const person of few(organization, 0.03)) person.priority = organization.random.pick(['High', '', ''])
    },
  },
  {
    name: 'opt-outs, and a few who opt in again',
    chance: 0.3,
    happen(organization) {
      for (const person of few(organization, 0.001)) person.texts = 'N'
      const out = organization.people.filter(({ texts }) => texts === 'N')
      for (const person of organization.random.some(out, 1)) person.texts = 'Y'
    },
  },
  {
    name: 'names tidied up',
    chance: 0.02,
    happen(organization) {
      for (const person of few(organization, 0.05)) person.first = person.first.toUpperCase()
    },
  },
  {
    name: 'a new team',
    chance: 0.03,
    kinds: ['rescue', 'staff'],
    happen(organization) {
      const team = `Team ${organization.random.below(1000)}`
      for (const person of few(organization, 0.1)) person.groups = [...person.groups, team]
    },
  },
  {
    name: 'a season: half of a team goes over to another',
    chance: 0.02,
    kinds: ['rescue'],
    happen({ people, random }) {
      const [from = '', to = ''] = random.shuffled([...new Set(people.flatMap(({ groups }) => groups))])
      const members = people.filter(({ groups }) => groups.includes(from))
      for (const person of random.some(members, Math.floor(members.length / 2))) {
        person.groups = [...new Set(person.groups.map((group) => (group === from ? to : group)))]
      }
    },
  },
  {
    name: 'a small team is given up',
    chance: 0.02,
    kinds: ['rescue', 'staff'],
    happen({ people }) {
      const sizes = Map.groupBy(
        people.flatMap(({ groups }) => groups),
        (group) => group,
      )
      const small = [...sizes].find(([, members]) => members.length < 6)?.[0]
      for (const person of people) {
        const others = person.groups.filter((group) => group !== small)
        if (others.length > 0) person.groups = others
      }
    },
  },
]

/** The start of a term, when a third of a college is new and another third has left. */
const TERM_START: Event = {
  name: 'term start',
  kinds: ['college'],
  chance: (night) => (night === 12 ? 1 : 0),
  happen(organization) {
    const { people } = organization
    const next: Record<string, string> = { 'First year': 'Second year', 'Second year': 'Third year' }
    const staying = people.filter(({ groups }) => !groups.includes('Third year'))
    for (const person of staying) person.groups = person.groups.map((group) => next[group] ?? group)
    organization.people = staying
    for (let count = people.length - staying.length; count > 0; count--) {
      const student = organization.newcomer()
      organization.join({ ...student, groups: ['First year', ...student.groups.slice(1)] })
    }
  },
}

/** Seasonal workers, who come for some weeks and have their own group. */
const SEASON: readonly Event[] = [
  {
    name: 'seasonal workers come',
    kinds: ['staff'],
    chance: (night) => (night === 4 ? 1 : 0),
    happen(organization) {
      for (let count = Math.ceil(organization.people.length / 6); count > 0; count--) {
        organization.join({ ...organization.newcomer(), groups: ['Season', 'All staff'] })
      }
    },
  },
  {
    name: 'seasonal workers leave',
    kinds: ['staff'],
    chance: (night) => (night === 20 ? 1 : 0),
    happen(organization) {
      organization.people = organization.people.filter(({ groups }) => !groups.includes('Season'))
    },
  },
]

/**
 * The events of a night. `turnover`: many people leave at once, so that the limit on removals may hold the plan, and no
 * other limit may.
 */
export interface Night {
  organization: Organization
  events: string[]
  turnover: boolean
}

/** Yields the nights of a series of one organization. The events of a night have happened when it is yielded. */
export function* nightsOf(kind: Kind, size: number, seed: number): Generator<Night> {
  const random = new Random(seed)
  const organization = new Organization(kind, size, random)
  yield { organization, events: ['first import'], turnover: false }
  for (let night = 0; night < SERIES; night++) {
    const events = [...ORDINARY, TERM_START, ...SEASON].filter(({ kinds, chance }) => {
      const share = typeof chance === 'number' ? chance : chance(night)
      return (kinds === undefined || kinds.includes(kind)) && random.chance(share)
    })
    for (const event of events) event.happen(organization, night)
    const names = events.map(({ name }) => name)
    yield {
      organization,
      events: names,
      turnover: names.includes('term start') || names.includes('seasonal workers leave'),
    }
  }
}

/** Makes a few ordinary changes to an organization, since an accident does not come without any. */
export function passNight(organization: Organization): void {
  for (const name of ['new title', 'moved to another group', 'new priorities']) {
    ORDINARY.find((event) => event.name === name)?.happen(organization, 1)
  }
}
