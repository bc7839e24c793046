import { expect, it } from 'vitest'
import { mappingRefusal, numberRequired, recordColumns, recordMapping } from './mapping.ts'

it('each column of a mapping is requested once, and the first column of the records is the ID unless the mapping names one', () => {
  const mapping = [
    { column: 'First Name', to: 'firstName' },
    { column: 'Major', to: 'groups' },
    { column: 'major ', to: 'field:major', list: true },
  ]
  expect(recordColumns(mapping)).toEqual([
    { name: 'First Name', list: false },
    { name: 'Major', list: true },
  ])
  expect(recordColumns(null)).toBeNull()
  expect(recordMapping(mapping, ['Contact ID', 'First Name'])[0]).toEqual({ column: 'Contact ID', to: 'id' })
  const own = [{ column: 'Student Id', to: 'id' }, ...mapping]
  expect(recordMapping(own, ['Contact ID', 'First Name'])).toEqual(own)
})

it('“Of the four Mongoose required fields, only First Name, Last Name, and Mobile Number need to be mapped”', () => {
  const mapping = ['firstName', 'lastName', 'number'].map((to) => ({ column: to, to }))
  expect(mappingRefusal({ kind: 'connect' }, mapping)).toBeNull()
  expect(mappingRefusal({ kind: 'connect' }, mapping.slice(1))).toBe(
    'Map the first name, the last name and the mobile number',
  )
  expect(numberRequired({ kind: 'connect' })).toBe(true)
})

it('a mapping of a file must say which column is the ID, and one of records may', () => {
  const id = { column: 'ID', to: 'id' }
  const name = { column: 'Name', to: 'name' }
  for (const kind of ['https', 's3', 'sftp'] as const) {
    expect(mappingRefusal({ kind }, [id, name])).toBeNull()
    for (const wrong of [[name], [id, id, name]]) expect(mappingRefusal({ kind }, wrong)).toContain('ID')
    expect(numberRequired({ kind })).toBe(false)
  }
  expect(mappingRefusal({ kind: 'd4h' }, [name])).toBeNull()
  expect(mappingRefusal({ kind: 'd4h' }, [id, name])).toBeNull()
  expect(mappingRefusal({ kind: 'd4h' }, [id, id, name])).toContain('ID')
  expect(numberRequired({ kind: 'd4h' })).toBe(false)
})
