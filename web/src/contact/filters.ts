import { SMS_STATUSES } from '../../../worker/src/core/contact.ts'

/** What contacts can be reached by, as a filter; `nobody`: by nothing. */
const REACHES = ['nobody', 'sms', 'voice', 'pager', 'email'] as const
const SORTS = ['name', 'updated'] as const

/** The filters of the contacts page as its controls hold them: `''` filters nothing. */
export interface Filters extends Record<'search' | 'source' | 'group' | 'assignedUser', string> {
  smsStatus: (typeof SMS_STATUSES)[number] | ''
  reach: (typeof REACHES)[number] | ''
  sort: (typeof SORTS)[number]
  /** Values of custom fields, by key. */
  fields: Readonly<Record<string, string>>
}

const FIELD = 'field.'

/** Reads the filters from an address. A value that is not known filters nothing. */
export function filtersOf(query: URLSearchParams): Filters {
  const text = (name: string) => query.get(name) ?? ''
  const oneOf = <T extends string>(options: readonly T[], name: string) =>
    options.find((one) => one === query.get(name))
  const fields = [...query].flatMap(([name, value]) =>
    name.startsWith(FIELD) ? [[name.slice(FIELD.length), value]] : [],
  )
  return {
    search: text('search'),
    source: text('source'),
    group: text('group'),
    assignedUser: text('assignedUser'),
    smsStatus: oneOf(SMS_STATUSES, 'smsStatus') ?? '',
    reach: oneOf(REACHES, 'reach') ?? '',
    sort: oneOf(SORTS, 'sort') ?? 'name',
    fields: Object.fromEntries(fields),
  }
}

/** Returns the filters without the order, as the API takes them for a list and for its export. */
export function filterQuery({ fields, sort: _, ...filters }: Filters) {
  const values = Object.entries(fields).map(([key, value]) => [`${FIELD}${key}` as const, value] as const)
  return { ...filters, ...(Object.fromEntries(values) as Record<`field.${string}`, string>) }
}

/** Returns the filters and the order as the page's address has them; the order by name is left out. */
export function addressQuery(filters: Filters): Record<string, string> {
  return { ...filterQuery(filters), sort: filters.sort === 'name' ? '' : filters.sort }
}

/** Returns how many filters are set, besides the search. */
export function setFilters({ search: _, ...filters }: Filters): number {
  return Object.values(filterQuery({ ...filters, search: '' })).filter((value) => value !== '').length
}
