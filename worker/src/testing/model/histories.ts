import fc from 'fast-check'
import type { Action, Death, Slot, SourceChoice } from './actions.ts'
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
const doomed = fc.option(fc.integer({ min: 1, max: 9 }), { freq: 10 })

/** Decisions of a person about runs. */
const deciding = fc.oneof<fc.WeightedArbitrary<Action>[]>(
  {
    weight: 4,
    arbitrary: fc.record({ do: just('approve'), slot, hash: one('right', 'right', 'right', 'wrong'), deaths }),
  },
  { weight: 3, arbitrary: fc.record({ do: one('reject', 'cancel'), slot, deaths }) },
  { weight: 6, arbitrary: fc.record({ do: just('undo'), slot, back: one(0, 0, 0, 1, 2), deaths, doomed }) },
)

const settings = fc.record<Partial<SourceChoice>>(
  {
    enabled: fc.boolean(),
    removal: one('remove', 'remove', 'keep'),
    covers: one('own', 'directory'),
    limits: one('none', 'tight', 'usual'),
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
)
const between = fc.record({
  after: one<(0 | 1 | 2)[]>(0, 1, 2),
  action: fc.oneof({ weight: 1, arbitrary: importing(just(null)) }, { weight: 3, arbitrary: besides }),
})
const action = fc.oneof(
  { weight: 6, arbitrary: importing(fc.option(between, { freq: 5 })) },
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

/** Histories of a Muster. They begin with up to two manual contacts and one or two sources; any actions follow. */
export const histories: fc.Arbitrary<Action[]> = fc
  .tuple(
    fc.array(making, { maxLength: 2 }),
    setting(just(0), settings),
    fc.option(setting(just(1), settings)),
    fc.array(fc.oneof({ weight: 6, arbitrary: action.map((only) => [only]) }, { weight: 1, arbitrary: pause }), {
      minLength: 1,
      maxLength: 14,
    }),
  )
  .map(([made, first, second, then]) => [...made, first, ...(second === null ? [] : [second]), ...then.flat()])
