import { expect, it } from 'vitest'
import { NEW_CONNECTION } from '../connections/index.tsx'
import { sourceName } from './source-name.ts'

it.each([
  ['student_list-2026.xlsx', 'Student list 2026'],
  ['Roster.csv.gz', 'Roster'],
  ['équipe.csv', 'Équipe'],
  ['.csv', 'Contacts'],
  [undefined, 'Contacts'],
])('a source whose file is called %s is called %s', (file, name) => expect(sourceName(NEW_CONNECTION, file)).toBe(name))

it('a service is called by its own name', () => {
  const d4h = { kind: 'd4h', url: 'https://api.team-manager.ca.d4h.com', teamId: 1, groups: true } as const
  expect(sourceName(d4h, 'members.json')).toBe('D4H')
})
