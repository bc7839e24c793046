import { type Facts, originOf } from '../kind.ts'
import { d4hMapping } from './mapping.ts'

export const d4h: Facts<'d4h'> = {
  gives: 'records',
  secrets: ['token'],
  server: ({ url }) => originOf(url),
  target: ({ url, teamId, statuses, groups }) => [url, teamId, [...statuses].sort(), groups],
  mapping: { by: 'built-in', columns: ({ groups = true }) => d4hMapping({ groups }) },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: () => false,
  writesBack: () => false,
}
