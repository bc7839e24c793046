import { expect, it } from 'vitest'
import { addressQuery, filterQuery, filtersOf, setFilters } from './filters.ts'

it('the filters of an address come back as the same address', () => {
  const address = 'search=ana&group=7&smsStatus=opted_out&reach=nobody&field.major=Biology&sort=updated'
  const given = Object.fromEntries(
    Object.entries(addressQuery(filtersOf(new URLSearchParams(address)))).filter(([, value]) => value !== ''),
  )
  expect(given).toEqual(Object.fromEntries(new URLSearchParams(address)))
})

it('a value that no filter has filters nothing', () => {
  const filters = filtersOf(new URLSearchParams('smsStatus=maybe&reach=everybody&sort=age'))
  expect(filters).toMatchObject({ smsStatus: '', reach: '', sort: 'name' })
  expect(setFilters(filters)).toBe(0)
})

it('an export has all filters of the list, and no order', () => {
  const filters = filtersOf(new URLSearchParams('search=ana&reach=sms&field.major=Art&sort=updated'))
  expect(filterQuery(filters)).toMatchObject({ search: 'ana', reach: 'sms', 'field.major': 'Art' })
  expect(filterQuery(filters)).not.toHaveProperty('sort')
})
