import fc from 'fast-check'
import type { Part } from '../../core/plan.ts'
import type { Action, Death, Rekey, Slot, SourceChoice } from './actions.ts'
import { IDS, type Roll, type RollPerson } from './roll.ts'

/** Picks one of the values. A value that is listed several times is picked more often. */
const one = fc.constantFrom
const just = <const T>(value: T) => fc.constant(value)

const slot = one<Slot>(0, 0, 0, 1)
const person = fc.record<RollPerson>({
  id: one(...IDS),
  name: one('Ana', 'Ana', 'Ben'),
  title: one('', 'Lead', 'Medic'),
  email: one('', 'a', 'a', 'b', 'bad'),
  numbers: one<(readonly (1 | 2)[])[]>([1], [1], [1], [2], [1, 2], [2, 1], []),
  groups: one(['Rope'], ['rope'], ['Search'], ['Rope', 'Search'], ['Air', 'search']),
  moved: one(false, false, false, false, true),
})
const file = fc.record({
  people: fc.uniqueArray(person, { selector: ({ id }) => id, maxLength: IDS.length }),
  without: one<('Title' | 'Email Address')[][]>([], [], [], ['Title'], ['Email Address']),
})
const broken = one<Roll[]>({ broken: 'forbidden' }, { broken: 'empty' }, { broken: 'headless' })
const roll = fc.oneof({ weight: 12, arbitrary: file }, { weight: 1, arbitrary: broken })

const death = fc.record<Death>({
  at: fc.integer({ min: 1, max: 45 }),
  when: one('before', 'after'),
  message: one('lost', 'redelivered'),
})
const deaths = fc.oneof(
  { weight: 3, arbitrary: just([]) },
  { weight: 1, arbitrary: fc.array(death, { minLength: 1, maxLength: 3 }) },
)
const doomed = fc.oneof({ weight: 12, arbitrary: just(null) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) })

/** Decisions of a person about runs. */
const parts = one<(readonly Part[] | null)[]>(
  null,
  null,
  ['remove'],
  ['remove'],
  ['add'],
  ['update'],
  ['add', 'remove'],
)

const deciding = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  {
    weight: 4,
    arbitrary: fc.record({
      do: just('approve'),
      slot,
      hash: one('right', 'right', 'right', 'wrong'),
      parts,
      rekey: one<Rekey[]>(null, null, true, false, 'some', 'some'),
      deaths,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: one('reject', 'cancel'), slot, deaths }) },
  { weight: 6, arbitrary: fc.record({ do: just('undo'), slot, back: one(0, 0, 0, 1, 2), deaths, doomed }) },
)

const settings = fc.record<Partial<SourceChoice>>(
  {
    enabled: fc.boolean(),
    removal: one('remove', 'remove', 'keep'),
    covers: one('own', 'directory'),
    limits: one('none', 'tight', 'tight', 'usual'),
    hold: one('part', 'part', 'part', 'whole'),
  },
  { requiredKeys: [] },
)
const setting = (of: fc.Arbitrary<Slot>, to: fc.Arbitrary<Partial<SourceChoice>>): fc.Arbitrary<Action> =>
  fc.record({ do: just('set'), slot: of, settings: to })
const deleting: fc.Arbitrary<Action> = fc.record({ do: just('delete source'), slot, contacts: one('keep', 'remove') })

const readable = person.map((one): RollPerson => ({ ...one, email: one.email === 'bad' ? '' : one.email }))
const pick = fc.nat(20)
const group = one('rope', 'search', 'air', 'climb')
const what = one('name', 'title', 'numbers', 'groups', 'emails')
const making: fc.Arbitrary<Action> = fc.record({ do: just('make'), person: readable })

/** Manual changes of a person. */
const manual = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  { weight: 4, arbitrary: making },
  { weight: 5, arbitrary: fc.record({ do: just('edit'), pick, person: readable, what }) },
  { weight: 2, arbitrary: fc.record({ do: just('remove'), pick }) },
  { weight: 2, arbitrary: fc.record({ do: just('rename group'), group, name: one('Climb', 'CLIMB', 'Rope') }) },
  { weight: 1, arbitrary: fc.record({ do: just('delete group'), group }) },
)
const texting: fc.Arbitrary<Action> = fc.record({ do: just('text'), pick, status: one('opted_in', 'opted_out') })
const late: fc.Arbitrary<Action> = just({ do: 'late messages' })

const importing = (meanwhile: fc.Arbitrary<{ after: 0 | 1 | 2; action: Action } | null>): fc.Arbitrary<Action> =>
  fc.record({
    do: just('import'),
    slot,
    trigger: one('manual', 'manual', 'api', 'schedule'),
    mode: one('apply', 'apply', 'apply', 'apply', 'preview'),
    roll: fc.oneof(
      { weight: 1, arbitrary: just(null) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
      { weight: 3, arbitrary: roll },
    ),
    deaths,
    doomed,
    meanwhile,
  })

const besides = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  { weight: 6, arbitrary: deciding },
  { weight: 2, arbitrary: setting(slot, settings) },
  { weight: 1, arbitrary: deleting },
  { weight: 1, arbitrary: manual },
  { weight: 1, arbitrary: texting },
  { weight: 1, arbitrary: late },
  { weight: 2, arbitrary: fc.record({ do: just('days pass'), days: one<(1 | 3 | 6 | 7)[]>(1, 3, 6, 7) }) },
)
const between = fc.record({
  after: one<(0 | 1 | 2)[]>(0, 1, 2),
  action: fc.oneof({ weight: 1, arbitrary: importing(just(null)) }, { weight: 3, arbitrary: besides }),
})
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: importing(fc.oneof({ weight: 4, arbitrary: just(null) }, { weight: 1, arbitrary: between })),
  },
  { weight: 6, arbitrary: besides },
)

/** A time in which no source is enabled, so that people can make manual changes. */
const pause = fc
  .tuple(
    fc.array(fc.oneof({ weight: 4, arbitrary: manual }, { weight: 1, arbitrary: deciding }), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.boolean(),
  )
  .map(([during, back]): Action[] => [
    enable(0, false),
    enable(1, false),
    ...during,
    ...(back ? [enable(0, true)] : []),
  ])
const enable = (of: Slot, enabled: boolean): Action => ({ do: 'set', slot: of, settings: { enabled } })

const regular = person.map((one): RollPerson => ({ ...one, numbers: one.numbers.length === 0 ? [1] : one.numbers }))
const places = [0, 1, 2, 3, 4, 5, 6]
/** The difference between a night's file and the one that the nights began with, and what a person then does. */
const night = fc.record({
  gone: fc.subarray(places, { maxLength: 3 }),
  retitled: fc.subarray(places, { maxLength: 4 }),
  /** Who has another ID. */
  moved: fc.oneof(
    { weight: 3, arbitrary: just<number[]>([]) },
    { weight: 1, arbitrary: fc.subarray(places, { minLength: 2 }) },
  ),
  come: fc.option(regular, { freq: 2 }),
  turned: fc.boolean(),
  trigger: one<('manual' | 'api' | 'schedule')[]>('manual', 'api', 'schedule'),
  deaths,
  doomed,
  decision: fc.option(deciding, { freq: 2 }),
})

/** A file and then the same file some nights in a row, with a few changes: of these plans, often a part waits. */
const nights = fc
  .tuple(
    one<(SourceChoice['limits'] | null)[]>('tight', 'tight', 'usual', null),
    fc.uniqueArray(regular, { selector: ({ id }) => id, minLength: 4, maxLength: 7 }),
    fc.array(night, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([limits, people, following, same]): Action[] => {
    const given = (roll: Roll, rest: Partial<Extract<Action, { do: 'import' }>> = {}): Action => {
      const usual = { trigger: 'manual', mode: 'apply', deaths: [], doomed: null, meanwhile: null } as const
      return { do: 'import', slot: 0, roll, ...usual, ...rest }
    }
    return [
      { do: 'set', slot: 0, settings: { enabled: true, ...(limits && { limits }) } },
      given({ people, without: [] }),
      { do: 'approve', slot: 0, hash: 'right', parts: null, rekey: null, deaths: [] },
      ...following.flatMap((one, i): Action[] => {
        // Some nights have the changes of the first one, in a file with other bytes.
        const { gone, retitled, moved, come } = (same ? following[0] : one) ?? one
        const stay = people.flatMap((who, place) => {
          if (gone.includes(place)) return []
          const now = moved.includes(place) ? { ...who, moved: who.moved !== true } : who
          return [retitled.includes(place) ? { ...now, title: 'Chief' } : now]
        })
        const others = come === null || stay.some(({ id }) => id === come.id) ? [] : [come]
        const file = [...stay, ...others]
        const { trigger, deaths, doomed, decision } = one
        const roll = { people: one.turned || i % 2 === 1 ? file.toReversed() : file, without: [] }
        return [
          given(roll, { trigger, deaths, doomed }),
          ...(decision === null ? [] : [{ ...decision, slot: 0 } as Action]),
        ]
      }),
    ]
  })

/** Histories of a Muster. They begin with up to two manual contacts and one or two sources; any actions follow. */
export const histories: fc.Arbitrary<Action[]> = fc
  .tuple(
    fc.array(making, { maxLength: 2 }),
    setting(just(0), settings),
    fc.option(setting(just(1), settings)),
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: action.map((only) => [only]) },
        { weight: 1, arbitrary: pause },
        { weight: 2, arbitrary: nights },
      ),
      { minLength: 1, maxLength: 14 },
    ),
  )
  .map(([made, first, second, then]) => [...made, first, ...(second === null ? [] : [second]), ...then.flat()])
