import { unreadable, type Value } from './value.ts'
export interface GroupName {
  key: string
  spelling: string
}
export type GroupsCode = 'group_name_too_long'
/** In the order of the cell, no two with the same key. */
export function readGroups(cell: string): Value<GroupName[]> {
  return unreadable('group_name_too_long', cell)
}
