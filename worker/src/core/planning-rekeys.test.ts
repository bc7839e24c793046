import { describe, expect, it } from 'vitest'
import { migration } from '../testing/migrations.ts'
import { type Plan, PlannedDirectory, type Sheet } from '../testing/planned-directory.ts'
import { cellsOf, crowd, HEADER, type Person, shuffled } from '../testing/roster.ts'
import { detailsWith } from './contact.ts'

const LIMIT = { percent: 1, atLeast: 3 }
const sheetOf = (people: readonly Person[]): Sheet => [HEADER, ...people.map(cellsOf)]
const TEAM = crowd(10).map((person, i): Person => ({ ...person, Name: `Person ${i}`, Number: `60455520${10 + i}` }))
const moved = ({ ID, ...person }: Person): Person => ({ ...person, ID: `NSR-${ID}` })

/** Imports the team, and plans its next list. */
async function planned(next: readonly Person[], { before = TEAM, limit = LIMIT as typeof LIMIT | null } = {}) {
  const directory = new PlannedDirectory()
  await directory.import(sheetOf(before))
  return directory.plan(sheetOf(next), { rekeyLimit: limit })
}

const opsOf = ({ changes }: Plan) => changes.map((change) => `${change.op} ${change.id}`).sort()
const pairsOf = ({ changes }: Plan) =>
  changes.flatMap((change) => (change.op === 'rekey' ? [`${change.fromId} > ${change.id}`] : [])).sort()

describe('planning people that come under new IDs', () => {
  it('people over the limit get new IDs, and are neither added nor removed', async () => {
    const plan = await planned(TEAM.map(moved))
    expect(opsOf(plan)).toEqual(TEAM.map(({ ID }) => `rekey NSR-${ID}`))
    expect(plan.planned).toMatchObject({ rekeyed: 10, newContacts: 10, counts: { updated: 10, added: 0, removed: 0 } })
  })

  it('people at the limit, or without one, are added and removed', async () => {
    const two = [...TEAM.slice(0, 2).map(moved), ...TEAM.slice(2)]
    const ops = ['add NSR-P001', 'add NSR-P002', 'remove P001', 'remove P002']
    expect(opsOf(await planned(two))).toEqual(ops)
    expect(opsOf(await planned(TEAM.map(moved), { limit: null }))).toHaveLength(20)
  })

  it('a contact keeps what the file does not say, and what the rows say alone is planned beside it', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf(TEAM))
    for (const contact of directory.contacts.values()) {
      directory.contacts.set(contact.key, {
        ...contact,
        details: { ...contact.details, language: 'fr', title: 'Lead' },
      })
    }
    const title = HEADER.indexOf('Title')
    const without = sheetOf(TEAM.map(moved)).map((cells) => cells.filter((_, i) => i !== title))
    const [change] = (await directory.plan(without, { rekeyLimit: LIMIT })).changes
    expect(change).toMatchObject({ op: 'rekey', changed: [], after: { language: 'fr', title: 'Lead' } })
    expect(change?.op === 'rekey' && change.otherwise).toMatchObject({
      removes: true,
      after: expect.not.stringContaining('Lead'),
    })
  })

  it('a number that a manual contact with the old ID has as well is shared', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf(TEAM))
    const number = { number: '+16045552010', type: 'mobile' as const, description: null, extension: null }
    directory.add('P001', detailsWith({ name: 'Somebody', numbers: [number] }))
    const { changes, reports } = await directory.plan(sheetOf(TEAM.map(moved)), { rekeyLimit: LIMIT })
    expect(changes.filter(({ op }) => op === 'rekey')).toHaveLength(10)
    expect(reports.flatMap(({ problems }) => problems)).toMatchObject([{ id: 'NSR-P001', code: 'number_shared' }])
  })

  it('a manual contact with the old ID is missing from a file that covers the whole directory', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf(TEAM))
    directory.add('P001', detailsWith({ name: 'Somebody' }))
    const plan = await directory.plan(sheetOf(TEAM.map(moved)), { rekeyLimit: LIMIT, covers: 'directory' })
    expect(opsOf(plan)).toEqual([...TEAM.map(({ ID }) => `rekey NSR-${ID}`), 'remove P001'])
  })

  it('more than two look-alike IDs of the same people are new IDs, and two are errors', async () => {
    const numbered = (pad: number) => TEAM.map((person, i) => ({ ...person, ID: String(i + 1).padStart(pad, '0') }))
    const before = numbered(4)
    expect((await planned(numbered(0), { before })).planned).toMatchObject({ rekeyed: 10, counts: { errors: 0 } })
    const two = [...numbered(0).slice(0, 2), ...before.slice(2)]
    expect((await planned(two, { before })).planned).toMatchObject({ rekeyed: 0, counts: { errors: 2, removed: 0 } })
    // Somebody else has an ID that looks like one of the known ones.
    const other = { ...TEAM[0], ID: '1', Name: 'Nina New', Number: '6045559999' }
    const mixed = [other, ...numbered(0).slice(1)]
    const plan = await planned(mixed, { before })
    expect(plan.planned).toMatchObject({ rekeyed: 9, counts: { errors: 1, removed: 0 } })
    expect(plan.reports.map(({ problems }) => problems[0]?.code)).toEqual(['id_looks_like'])
  })

  it('manual contacts get the IDs of their source, whatever the source covers', async () => {
    const directory = new PlannedDirectory()
    await directory.import(sheetOf(TEAM.slice(5)))
    for (const { ID, Name, Number: number } of TEAM.slice(0, 5)) {
      const numbers = [{ number: `+1${number}`, type: 'mobile' as const, description: null, extension: null }]
      directory.add(`hand-${ID}`, detailsWith({ name: Name ?? '', numbers }))
    }
    for (const covers of ['own', 'directory'] as const) {
      const plan = await directory.plan(sheetOf(TEAM), { rekeyLimit: LIMIT, covers })
      expect(pairsOf(plan)).toEqual(TEAM.slice(0, 5).map(({ ID }) => `hand-${ID} > ${ID}`))
      expect(plan.changes.every((change) => change.op === 'rekey' && change.owner === 'source')).toBe(true)
      expect(plan.reports).toEqual([])
    }
  })

  it('rows in any order and in batches of any size give the same new IDs', async () => {
    for (let seed = 0; seed < 30; seed++) {
      const lists = migration(seed)
      const people = (list: typeof lists.before) =>
        list.map(({ id, details: { name, numbers, emails } }): Person[] =>
          (numbers.length === 0 ? [null] : numbers).map((number) => ({
            ID: id,
            Name: name,
            Number: number?.number.slice(2) ?? '6045550100',
            'Number Type': number?.type ?? 'landline',
            'Email Address': emails[0] ?? '',
          })),
        )
      const directory = new PlannedDirectory()
      await directory.import(sheetOf(people(lists.before).flat()))
      const next = people(lists.after)
      const usual = await directory.plan(sheetOf(next.flat()), { rekeyLimit: LIMIT })
      const other = await directory.plan(sheetOf(shuffled(next, seed).flat()), { rekeyLimit: LIMIT, batch: 3 })
      expect(opsOf(other)).toEqual(opsOf(usual))
      expect(pairsOf(other)).toEqual(pairsOf(usual))
      // Each person is in the plan once.
      const all = usual.changes.map(({ key }) => key).filter((key) => key > 0)
      expect(new Set(all).size).toBe(all.length)
    }
  })
})
