import { type Facts, originOf } from '../kind.ts'
import { shownAddress } from '../shown-address.ts'
import { fetchedUrl } from './share-link.ts'

export const https: Facts<'https'> = {
  gives: 'file',
  secrets: ['password', 'bearer', 'header.value'],
  // The credentials are for the server that has the file itself.
  server: ({ url }) => originOf(fetchedUrl(url)?.href ?? url),
  fetches({ url }) {
    const fetched = fetchedUrl(url)
    return fetched === null || fetched.href === URL.parse(url)?.href ? null : shownAddress(fetched.href)
  },
  target: ({ url }) => [url],
  mapping: { by: 'template' },
  defaults: { removal: 'remove', changesOnly: false },
  actsAfterImport: () => false,
  writesBack: () => false,
}
