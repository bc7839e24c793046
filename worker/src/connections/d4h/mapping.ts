import type { MappingColumn } from '../../core/mapping.ts'
import type { D4hSettings } from './schema.ts'

/** The names of the columns that the members of every D4H team have. */
export const D4H_COLUMNS = {
  id: 'ID',
  name: 'Name',
  team: 'Team',
  position: 'Position',
  mobile: 'Mobile phone',
  home: 'Home phone',
  homeDescription: 'Home phone description',
  work: 'Work phone',
  workDescription: 'Work phone description',
  pager: 'Pager',
  email: 'Email',
  groups: 'Groups',
  reference: 'Reference',
  status: 'Status',
  pagerEmail: 'Pager email',
} as const

const MAPPING: readonly MappingColumn[] = [
  { column: D4H_COLUMNS.id, to: 'id' },
  { column: D4H_COLUMNS.name, to: 'name' },
  { column: D4H_COLUMNS.team, to: 'organization' },
  { column: D4H_COLUMNS.position, to: 'title' },
  { column: D4H_COLUMNS.mobile, to: 'number', type: 'mobile' },
  { column: D4H_COLUMNS.home, to: 'number2', type: 'landline' },
  { column: D4H_COLUMNS.homeDescription, to: 'numberDescription2' },
  { column: D4H_COLUMNS.work, to: 'number3', type: 'landline' },
  { column: D4H_COLUMNS.workDescription, to: 'numberDescription3' },
  { column: D4H_COLUMNS.pager, to: 'number4', type: 'pager' },
  { column: D4H_COLUMNS.email, to: 'email' },
  { column: D4H_COLUMNS.groups, to: 'groups' },
]

/**
 * Returns the mapping of a D4H source that has no mapping of its own, so that an administrator needs to map nothing.
 */
export function d4hMapping({ groups }: Pick<D4hSettings, 'groups'>): MappingColumn[] {
  return MAPPING.filter(({ to }) => groups || to !== 'groups')
}
