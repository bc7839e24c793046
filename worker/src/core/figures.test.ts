import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PlannedDirectory } from '../testing/planned-directory.ts'
import { cases } from '../testing/sample.ts'
import { noChanges, noCounts } from './counts.ts'
import { type Figured, type Figures, figuresOf } from './figures.ts'
import type { MappingColumn } from './mapping.ts'

const sum = ({ imported, waiting, left, withErrors }: Figures) => imported + waiting + left + withErrors

const HEADER = ['Key', 'Full Name', 'Cell', 'Mail', 'Texts']
const MAPPING: MappingColumn[] = [
  { column: 'Key', to: 'id' },
  { column: 'Full Name', to: 'name' },
  { column: 'Cell', to: 'number', type: 'mobile' },
  { column: 'Mail', to: 'email' },
  { column: 'Texts', to: 'smsStatus' },
]
/** Longer than a contact may be. */
const ENORMOUS = 'x'.repeat(263_000)

const row = fc
  .tuple(
    fc.constantFrom('a1', 'a2', 'a3', '0012', '12', '12.0', 'b4', '', '#N/A', 'Total'),
    fc.constantFrom('Ana', 'Ana', 'Ana', 'Bo', '', ENORMOUS),
    fc.constantFrom('6045550101', '6045550102', '6045550103', '', '12'),
    fc.constantFrom('', 'a@example.org', 'not an e-mail'),
    fc.constantFrom('', 'Y', 'N'),
    fc.constantFrom(0, 0, 0, 0, 1, -2),
  )
  .map(([id, name, number, mail, texts, length]) => {
    const cells = [id, name, number, mail, texts]
    return length > 0 ? [...cells, 'too much'] : cells.slice(0, cells.length + length)
  })
const files = fc.array(fc.array(row, { maxLength: 10 }), { minLength: 1, maxLength: 4 })

describe('the figures of a run', () => {
  it('the figures of random files add up, and each ID with an error is one contact with errors', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.constantFrom('remove' as const, 'keep' as const), async (sheets, removal) => {
        const directory = new PlannedDirectory()
        for (const rows of sheets) {
          const sheet = [HEADER, ...rows, ['z9', 'Zed', '6045550109', '', '']]
          const before = [...directory.contacts.values()].filter(({ removed }) => !removed)
          const { planned, changes, reports } = await directory.import(sheet, { mapping: MAPPING, removal })
          const { counts } = planned
          const errors = reports.filter(({ problems }) => problems.some(({ severity }) => severity === 'error'))
          const failed = errors.flatMap(({ problems }) =>
            problems.flatMap(({ id, severity }) => (severity === 'error' ? [id] : [])),
          )
          const withoutId = failed.filter((id) => id === null)
          const withErrors = new Set(failed.filter((id) => id !== null))
          expect(counts).toMatchObject({
            errors: errors.length,
            withoutId: withoutId.length,
            contactsWithErrors: withErrors.size,
          })
          // Nobody with an error is changed, except that an opt-out counts.
          for (const { op, id } of changes) if (op !== 'sms') expect(withErrors).not.toContain(id)
          const nothing = figuresOf({
            counts,
            applied: noChanges(),
            pending: true,
            rekeyed: 0,
            rekey: undefined,
          })
          expect(sum(nothing)).toBe(nothing.met)
          expect(nothing.waiting).toBe(counts.added + counts.updated)
          // Whoever was in the directory was in the file, was removed, or stays because a row with an error may be theirs.
          const { unchanged, updated, removed } = counts
          const known = before.filter(({ id }) => withErrors.has(id)).length
          if (removal === 'remove') expect(unchanged + updated + known + removed + counts.protected).toBe(before.length)
          expect(counts.rows).toBeGreaterThanOrEqual(counts.matched + counts.withoutId + counts.leftOut)
        }
      }),
      { numRuns: cases(1500) },
    )
  })

  it('people who are not moved to their new IDs count as added and not as rejected', () => {
    const counts = { ...noCounts(), matched: 12, added: 2, updated: 5, unchanged: 4, removed: 1, contactsWithErrors: 1 }
    const run: Figured = { counts, applied: noChanges(), pending: true, rekeyed: 3, rekey: undefined }
    expect(figuresOf(run)).toEqual({
      met: 12,
      imported: 4,
      waiting: 7,
      left: 0,
      withErrors: 1,
      rest: { added: 2, updated: 5, removed: 1 },
    })
    const some = [
      { from: 'a', to: 'b' },
      { from: 'a', to: 'b' },
    ]
    const apart = { added: 4, updated: 3, removed: 3 }
    expect(figuresOf({ ...run, pending: false, applied: apart, rekey: some })).toMatchObject({
      imported: 11,
      left: 0,
      rest: noChanges(),
    })
    const onlyRemovals = { added: 3, updated: 0, removed: 4 }
    expect(figuresOf({ ...run, pending: false, applied: onlyRemovals, rekey: false })).toMatchObject({
      imported: 7,
      left: 4,
      rest: { added: 2, updated: 2, removed: 0 },
    })
  })
})
