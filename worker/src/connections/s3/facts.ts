import { type Facts, originOf } from '../kind.ts'

export const s3: Facts<'s3'> = {
  gives: 'file',
  secrets: ['secretAccessKey', 'sessionToken'],
  server: ({ url }) => originOf(url),
  target: ({ url }) => [url],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: () => false,
  writesBack: () => false,
}
