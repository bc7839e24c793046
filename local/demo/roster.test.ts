import { describe, expect, it } from 'vitest'
import { demoTeams } from './d4h/demo-team.ts'
import { drivers, operators, roster, type Version, volunteers } from './roster.ts'
import { students } from './students.ts'

const ids = (rows: string[][]) => new Set(rows.map((row) => row[0] ?? '').filter((id) => id !== ''))
/** Returns the members of the D4H teams as rows, with their numbers in the template's column. */
const rescuers = () =>
  demoTeams(2).flatMap(({ members }) =>
    members.flatMap(({ id, mobile, work, pager }) =>
      [mobile, work, pager].map((number) => [String(id), '', '', '', number ?? '']),
    ),
  )
/** Returns the students of Connect as rows of the same shape. */
const prospects = () =>
  students(2, new Date(0)).map(({ contactid, mobile }) => [String(contactid), '', '', '', String(mobile)])
const digits = (text: string | undefined) => (text ?? '').replace(/\D/g, '').slice(-10)

describe('The demo roster', () => {
  it('the demo roster is the same each time', () => {
    expect(roster(1)).toEqual(roster(1))
    expect(roster(2)).toEqual(roster(2))
  })

  it('the demo roster has about 2,000 people, several of them with more than one number', () => {
    expect(ids(roster(1)).size).toBeGreaterThan(1980)
    expect(ids(roster(1)).size).toBeLessThanOrEqual(2000)
    expect(roster(1).length).toBeGreaterThan(2400)
  })

  it('each number in the demo files belongs to one person, across all files', () => {
    const owners = new Map<string, string>()
    for (const [id, , , , number] of [
      ...roster(2),
      ...volunteers(2),
      ...drivers(2),
      ...operators(2),
      ...rescuers(),
      ...prospects(),
    ]) {
      if (id === undefined || !/^\d{3}55501\d{2}$/.test(digits(number))) continue
      expect(owners.get(digits(number)) ?? id).toBe(id)
      owners.set(digits(number), id)
    }
    expect(owners.size).toBeGreaterThan(2500)
  })

  it('the demo files have only fictional numbers', () => {
    for (const row of volunteers(1)) expect(digits(row[4])).toMatch(/^\d{3}55501\d{2}$/)
  })

  it('the second version of the demo roster adds, changes and removes people, below the limit for removals', () => {
    const [first, second] = [ids(roster(1)), ids(roster(2))]
    const removed = [...first].filter((id) => !second.has(id)).length
    expect(removed).toBeGreaterThan(20)
    expect(removed).toBeLessThan(first.size / 10)
    expect([...second].filter((id) => !first.has(id)).length).toBeGreaterThan(30)
    const before = new Set(roster(1).map((row) => row.join('|')))
    expect(roster(2).filter((row) => first.has(row[0] ?? '') && !before.has(row.join('|'))).length).toBeGreaterThan(100)
  })

  it('the third version of the demo roster has new people, and loses more than a quarter but less than half of the others', () => {
    const [second, third] = [ids(roster(2)), ids(roster(3))]
    const removed = [...second].filter((id) => !third.has(id)).length
    expect(removed).toBeGreaterThan(second.size / 4)
    expect(removed).toBeLessThan(second.size / 2)
    expect([...third].filter((id) => !second.has(id)).length).toBeGreaterThan(9)
  })

  it('the third version of every other demo file loses half of the people', () => {
    for (const file of [volunteers, drivers, operators]) {
      const size = (version: Version) => ids(file(version)).size
      expect(size(3)).toBeLessThan(size(2) * 0.6)
    }
    const [second = 0, third = 0] = [demoTeams(2), demoTeams(3)].map(([team]) => team?.members.length)
    expect(third).toBeLessThan(second * 0.6)
  })
})
