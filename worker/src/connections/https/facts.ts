import { type Facts, originOf } from '../kind.ts'

export const https: Facts<'https'> = {
  gives: 'file',
  secrets: ['password'],
  server: ({ url }) => originOf(url),
  target: ({ url }) => [url],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: () => false,
  writesBack: () => false,
}
