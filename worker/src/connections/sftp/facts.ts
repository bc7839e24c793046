import { type Facts, originOf } from '../kind.ts'
import { sftpOptOutUrl } from './location.ts'

export const sftp: Facts<'sftp'> = {
  gives: 'file',
  secrets: ['password', 'privateKey', 'passphrase'],
  server: ({ url, port = 22 }) => `${originOf(url)}:${port}`,
  target: ({ url }) => [url],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: ({ afterImport }) => afterImport !== 'leave',
  optOutFile({ optOuts, ...settings }) {
    // A source that was stored before has no such member.
    return optOuts ? { ...settings, optOuts, url: sftpOptOutUrl({ ...settings, optOuts }) } : null
  },
  writesBack: () => false,
}
