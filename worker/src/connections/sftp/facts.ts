import { type Facts, originOf } from '../kind.ts'

export const sftp: Facts<'sftp'> = {
  gives: 'file',
  secrets: ['password', 'privateKey', 'passphrase'],
  server: ({ url, port = 22 }) => `${originOf(url)}:${port}`,
  target: ({ url }) => [url],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: ({ afterImport }) => afterImport !== 'leave',
  writesBack: () => false,
}
