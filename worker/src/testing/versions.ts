import { LIMIT_KEYS, type LimitKey } from '../core/limits.ts'
import { csvOf, type Person } from './roster.ts'

/** Limits that never hold a run. */
export const NO_LIMITS = Object.fromEntries(LIMIT_KEYS.map((key) => [key, null])) as Record<LimitKey, null>

/**
 * Two versions of a roster. The step between them, in either direction, makes every kind of change, and some rows have
 * problems.
 */
export const FIRST: Person[] = [
  { ID: 'stays', Groups: 'Search, Rope' },
  { ID: 'leaves', Groups: 'Rope, Leavers' },
  { ID: 'title', Title: 'Searcher' },
  { ID: 'number', Number: '604-555-0101' },
  { ID: 'groups', Groups: 'Search' },
  { ID: 'renamed', Name: 'Ana O’Brien' },
  { ID: 'blanked', 'Organization Name': 'North Shore Rescue', 'Email Address': 'a@example.org' },
  { ID: 'near', Number: '6045550110', 'Number Description': 'work' },
  { ID: 'near', Number: '6045550111', 'Number Type': 'landline' },
  { ID: 'far', Number: '6045550112', Groups: 'Rope' },
  { ID: '007', Name: 'James' },
  { ID: '7', Name: 'Seven' },
  { ID: 'broken-later' },
  { ID: 'broken', Number: '' },
  { ID: 'warned', 'Email Address': 'not an address' },
  { ID: 'far', Number: '6045550113', Groups: 'Search' },
]

export const SECOND: Person[] = [
  { ID: 'stays', Groups: 'Search, Rope' },
  { ID: 'comes', Groups: 'New, rope' },
  { ID: 'comes-too', Groups: 'new' },
  { ID: 'comes-as-well', Groups: 'New' },
  { ID: 'title', Title: 'Team Lead' },
  { ID: 'number', Number: '604-555-0199' },
  { ID: 'groups', Groups: 'Rope, New' },
  { ID: 'renamed', Name: 'Ana Nguyen' },
  { ID: 'blanked' },
  { ID: 'far', Number: '6045550113', Groups: 'Search' },
  { ID: 'near', Number: '6045550111', 'Number Type': 'landline' },
  { ID: '007', Name: 'James Bond' },
  { ID: '7', Name: 'Seven' },
  { ID: 'broken-later', Number: 'unknown' },
  { ID: 'broken', Number: '' },
  { ID: 'warned', 'Email Address': 'also not an address' },
]

export const FIRST_FILE = csvOf(FIRST)
export const SECOND_FILE = csvOf(SECOND)
