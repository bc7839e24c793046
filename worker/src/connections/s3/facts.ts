import { type Facts, originOf } from '../kind.ts'
import { objectUrl, s3OptOutLocation } from './location.ts'

export const s3: Facts<'s3'> = {
  gives: 'file',
  secrets: ['secretAccessKey', 'sessionToken'],
  server: ({ url }) => originOf(url),
  target: ({ url }) => [url],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: () => false,
  optOutFile({ optOuts, ...settings }) {
    // A source that was stored before has no such member.
    const location = optOuts ? s3OptOutLocation({ ...settings, optOuts }) : null
    return location && { ...settings, optOuts, url: objectUrl(location, location.key).href }
  },
  writesBack: () => false,
}
