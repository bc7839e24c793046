import fc from 'fast-check'
import type { Part } from '../../core/plan.ts'
import type { Action, Death, History, LIMITS, Slot, SmsAction, Verdict } from './actions.ts'
import { EDITS, type Edit, NUMBERS, Roster, type Row } from './roster.ts'

/** Picks one of the values. A value that is listed several times is picked more often. */
const one = fc.constantFrom
const just = <const T>(value: T) => fc.constant(value)

const slot = one<Slot>(0, 0, 0, 1)
const pick = fc.nat(6)
const number = fc.nat(NUMBERS.length - 1)

const smsAction = fc.oneof<fc.WeightedArbitrary<SmsAction>[]>(
  {
    weight: 3,
    arbitrary: fc.record({
      do: just('text'),
      number,
      words: one('STOP', 'STOP', 'STOP', 'START', 'YES', 'hello'),
      tells: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: just('set'),
      pick,
      status: one('opted_out', 'opted_out', 'opted_in'),
      tells: fc.boolean(),
    }),
  },
)
const death = fc.record<Death>({
  at: fc.integer({ min: 1, max: 60 }),
  when: one('before', 'after'),
  message: one('lost', 'redelivered'),
})
const parts = one<(readonly Part[] | null)[]>(null, null, ['remove'], ['update'], ['add', 'remove'])
const verdict = fc.record<Verdict>({
  is: one('approve', 'approve', 'approve', 'reject', 'leave'),
  parts,
  rekey: one(null, true, true, false),
})
const edit = fc.record<Edit>({ is: one(...EDITS), who: pick, to: number })

const perhapsDeath = fc.option(death, { freq: 6 })
const meanwhile = fc.option(fc.record({ after: one<(1 | 2)[]>(1, 2), smsAction }), { freq: 6 })
const perhapsNumber = fc.option(number, { freq: 3 })

const importing: fc.Arbitrary<Action> = fc.record({
  do: just('import'),
  slot,
  mode: one('apply', 'apply', 'apply', 'apply', 'apply', 'apply', 'apply', 'preview'),
  edits: fc.array(edit, { maxLength: 3 }),
  turned: fc.boolean(),
  sms: one(true, true, true, true, true, true, false),
  verdict,
  meanwhile,
  death: perhapsDeath,
  times: one<(1 | 2)[]>(1, 1, 1, 2),
})

const enabling = (to: boolean): fc.Arbitrary<Action> => fc.record({ do: just('enable'), slot, enabled: just(to) })
const making: fc.Arbitrary<Action> = fc.record({
  do: just('make'),
  id: fc.nat(4),
  name: pick,
  mobile: number,
  landline: perhapsNumber,
})
const source: fc.Arbitrary<Action> = fc.record({
  do: just('source'),
  slot,
  kind: one('file', 'crm'),
  limits: one<(keyof typeof LIMITS)[]>(
    'none',
    'none',
    'none',
    'none',
    'rekeyed',
    'rekeyed',
    'removed',
    'changed',
    'whole',
  ),
  removal: one('remove', 'remove', 'remove', 'keep'),
})
const deleting: fc.Arbitrary<Action> = fc.record({ do: just('delete source'), slot, contacts: one('keep', 'remove') })
const undoing: fc.Arbitrary<Action> = fc.record({
  do: just('undo'),
  slot,
  back: one(0, 0, 0, 1),
  death: perhapsDeath,
})
const editing = fc.record({
  do: just('edit'),
  pick,
  what: one('name', 'numbers', 'numbers', 'emails', 'everything'),
  to: number,
})

/** A time in which no source is enabled, so that people can make manual changes. */
const pause = fc
  .tuple(
    fc.array(
      fc.oneof<fc.WeightedArbitrary<Action>[]>(
        { weight: 3, arbitrary: editing },
        { weight: 2, arbitrary: making },
        { weight: 1, arbitrary: fc.record({ do: just('remove'), pick }) },
        { weight: 2, arbitrary: smsAction },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.boolean(),
  )
  .map(([during, back]): Action[] => [
    { do: 'enable', slot: 0, enabled: false },
    { do: 'enable', slot: 1, enabled: false },
    ...during,
    ...(back ? ([{ do: 'enable', slot: 0, enabled: true }] as const) : []),
  ])

/** A source is deleted and made anew, with the same file. */
const anew = fc
  .tuple(deleting, source, importing)
  .map(([gone, back, then]): Action[] => [gone, { ...back, slot: 0 } as Action, { ...then, slot: 0 } as Action])

/** A decision is written to the CRM, and the next import reads it. */
const written = fc
  .tuple(smsAction, importing)
  .map(([sms, then]): Action[] => [{ ...sms, tells: true } as Action, { ...then, slot: 0, mode: 'apply' } as Action])

const step = fc.oneof<fc.WeightedArbitrary<Action[]>[]>(
  { weight: 10, arbitrary: importing.map((only) => [only]) },
  { weight: 8, arbitrary: smsAction.map((only): Action[] => [only]) },
  { weight: 3, arbitrary: written },
  { weight: 4, arbitrary: undoing.map((only) => [only]) },
  { weight: 1, arbitrary: pause },
  { weight: 1, arbitrary: anew },
  { weight: 1, arbitrary: deleting.map((only) => [only]) },
  { weight: 1, arbitrary: source.map((only) => [only]) },
  { weight: 1, arbitrary: enabling(true).map((only) => [only]) },
  { weight: 1, arbitrary: just([{ do: 'a month passes' }]) },
  { weight: 1, arbitrary: fc.record({ do: just('erase'), pick }).map((only): Action[] => [only]) },
  { weight: 1, arbitrary: fc.record({ do: just('decide'), slot, verdict }).map((only): Action[] => [only]) },
)

const rows = (most: number): fc.Arbitrary<Row[]> =>
  fc
    .array(
      fc.record({
        name: fc.option(pick, { freq: 5 }),
        mobile: perhapsNumber,
        landline: perhapsNumber,
        sms: one('Y', 'Y', 'Y', 'N', '', 'maybe'),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((people) =>
      people.map(({ name, mobile, landline, sms }, i) =>
        new Roster().person(String(i + 1), name ?? i, mobile ?? i, landline, sms),
      ),
    )

/** Histories of a small directory: up to two manual contacts, one or two sources, and any actions. */
export const histories: fc.Arbitrary<History> = fc.record({
  rows: fc.tuple(rows(4), rows(2)),
  actions: fc
    .tuple(
      fc.array(making, { maxLength: 2 }),
      source,
      fc.option(source, { freq: 3 }),
      importing,
      fc.array(step, { minLength: 3, maxLength: 10 }),
    )
    .map(([made, first, second, begin, then]): Action[] => [
      ...made,
      { ...first, slot: 0 } as Action,
      ...(second === null ? [] : [{ ...second, slot: 1 } as Action]),
      { ...begin, slot: 0, mode: 'apply', edits: [] } as Action,
      ...then.flat(),
    ]),
})
