import { SaxesParser } from 'saxes'
import type { S3Location } from './location.ts'

export interface S3Object {
  key: string
  /** Milliseconds since 1970. */
  modified: number
}

/** One page of a ListObjectsV2 answer. */
export interface S3Page {
  objects: S3Object[]
  /** What to ask the next page with, or null on the last. */
  next: string | null
}

/** The URL of one page of the list that `location` is picked from: its folder alone, not the folders in it. */
export function listUrl(location: S3Location, continuation: string | null): URL {
  const url = new URL(location.bucket)
  if (url.pathname !== '/') url.pathname += '/'
  url.searchParams.set('list-type', '2')
  url.searchParams.set('delimiter', '/')
  url.searchParams.set('prefix', location.key.split('*')[0] ?? '')
  if (continuation !== null) url.searchParams.set('continuation-token', continuation)
  return url
}

/**
 * Reads one page of ListObjectsV2.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @throws Error where it is not such a document
 */
export function readPage(xml: string): S3Page {
  const page: S3Page = { objects: [], next: null }
  const path: string[] = []
  let text = ''
  let object: S3Object = { key: '', modified: 0 }
  const parser = new SaxesParser()
  parser.on('opentag', (tag) => {
    if (path.length === 0 && tag.name !== 'ListBucketResult') throw new Error(`Not a list of objects: ${tag.name}`)
    path.push(tag.name)
    text = ''
  })
  parser.on('text', (part) => {
    text += part
  })
  parser.on('closetag', () => {
    const at = path.slice(1).join('/')
    if (at === 'Contents/Key') object.key = text
    else if (at === 'Contents/LastModified') object.modified = Date.parse(text)
    else if (at === 'NextContinuationToken') page.next = text
    else if (at === 'Contents') {
      page.objects.push(object)
      object = { key: '', modified: 0 }
    }
    path.pop()
    text = ''
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.write(xml).close()
  return page
}

/**
 * The later of `best` and all `objects` that the location means; of two from the same moment the one whose key sorts last.
 * A folder's own entry and a file that is still being uploaded under another name are none.
 */
export function newest(location: S3Location, objects: S3Object[], best: S3Object | null): S3Object | null {
  const means = matcher(location)
  let found = best
  for (const object of objects) {
    if (!means.test(object.key) || /(\/|\.tmp|\.part|\.filepart)$/i.test(object.key)) continue
    if (found === null || object.modified > found.modified) found = object
    else if (object.modified === found.modified && object.key > found.key) found = object
  }
  return found
}

/** `*` stands for any characters but `/`; a folder means what lies in it and not in the folders below. */
function matcher({ key }: S3Location): RegExp {
  const whole = key === '' || key.endsWith('/') ? `${key}*` : key
  const parts = whole.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^/]*')}$`, 's')
}
