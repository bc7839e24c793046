import type { Filled } from './directory.ts'

/** A request that is measured. `path` returns the path of the request in a round, from 0. */
export interface Asked {
  name: string
  path: (round: number) => string
}

/** Returns the requests of the pages and of systems that read the directory. */
export function requestsOf({ sources, group, largeGroup }: Filled, contacts: number): Asked[] {
  const [large = '', , , small = ''] = sources
  const list = (name: string, query: string): Asked => ({ name, path: () => `/api/contacts?${query}` })
  /** A list from the middle of the directory on. */
  const deep = (name: string, query: string): Asked => ({
    name,
    path: (round) => `/api/contacts?${query}&cursor=${Math.round(contacts / 2) + round * 997}`,
  })
  const number = (round: number) => 2_000_001 + 49 * ((round * 2099) % Math.floor(contacts / 50))
  return [
    list('contacts, 50', 'limit=50'),
    list('contacts, 500', 'limit=500'),
    deep('contacts from the middle, 50', 'limit=50'),
    list('search: a common name', 'search=tremblay'),
    deep('search: a common name, from the middle', 'search=tremblay'),
    list('search: two words', 'search=zoe%20tremblay'),
    list('search: a first letter', 'search=e'),
    list('search: a first letter and a name', 'search=tremblay%20e'),
    list('search: a word of everybody', 'search=example'),
    list('search: the beginning of most IDs', 'search=E0'),
    list('search: an area code', 'search=604'),
    list('search: the beginning of most numbers', 'search=6042'),
    { name: 'search: an ID', path: (round) => `/api/contacts?search=E${String(1000 + round * 997).padStart(7, '0')}` },
    { name: 'search: a number', path: (round) => `/api/contacts?search=%2B1604${number(round)}` },
    {
      name: 'search: an e-mail address',
      path: (round) => `/api/contacts?search=person.${1001 + round * 996}%40example.org`,
    },
    list('search: nobody', 'search=xyzzy'),
    list('group of 6,000', `group=${group}`),
    list('group of 100,000', `group=${largeGroup}`),
    list('group of 6,000 and a common name', `group=${group}&search=tremblay`),
    list('group of 100,000 and a common name', `group=${largeGroup}&search=tremblay`),
    list('source of 1,000,000', `source=${large}`),
    list('source of 100', `source=${small}`),
    list('source of 100 and a common name', `source=${small}&search=tremblay`),
    list('source of 100 and a group', `source=${small}&group=${largeGroup}`),
    list('by name', 'sort=name'),
    list('by the latest change', 'sort=updated'),
    list('group of 6,000 by name', `group=${group}&sort=name`),
    list('group of 100,000 by name', `group=${largeGroup}&sort=name`),
    list('a common name by the latest change', 'search=tremblay&sort=updated'),
    list('source of 1,000,000 by name', `source=${large}&sort=name`),
    list('reachable by SMS', 'reach=sms'),
    list('reachable by nobody', 'reach=nobody'),
    list('reachable by SMS, group of 100,000 by name', `reach=sms&group=${largeGroup}&sort=name`),
    list('a value of a field', 'field.cohort=2007'),
    list('a value of a field in a group', `field.campus=North&group=${largeGroup}`),
    list('opted out', 'smsStatus=opted_out'),
    list('opted out in a source', `smsStatus=opted_out&source=${sources[1]}`),
    list('unknown status', 'smsStatus=unknown'),
    list('opted out with a common name', 'smsStatus=opted_out&search=tremblay'),
    list('assigned to a user', 'assignedUser=advisor100'),
    { name: 'one contact', path: (round) => `/api/contacts/${1002 + round * 1000}` },
    { name: 'groups, 50', path: () => '/api/groups' },
    { name: 'groups, 500', path: () => '/api/groups?limit=500' },
    { name: 'a group of 100,000 with its reach', path: () => `/api/groups/${largeGroup}` },
    { name: 'unreached by SMS, a group of 100,000', path: () => `/api/groups/${largeGroup}/unreached?channel=sms` },
    { name: 'recipients by SMS, a group of 6,000', path: () => `/api/groups/${group}/recipients?channel=sms` },
    { name: 'recipients by SMS, a group of 100,000', path: () => `/api/groups/${largeGroup}/recipients?channel=sms` },
    {
      name: 'recipients by e-mail, a group of 100,000',
      path: () => `/api/groups/${largeGroup}/recipients?channel=email`,
    },
    { name: 'changes, 500', path: (round) => `/api/changes?limit=500&cursor=${round * 997}.0` },
    { name: 'sources', path: () => '/api/sources' },
    { name: 'runs', path: () => '/api/runs' },
  ]
}
