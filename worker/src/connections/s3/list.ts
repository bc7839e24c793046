import { Failure } from '../../core/failure.ts'
import { type XmlHandler, XmlScanner } from '../../formats/xml.ts'
import type { S3Location } from './location.ts'

export interface S3Object {
  key: string
  /** Milliseconds since 1970. */
  modified: number
}

/** One page of a ListObjectsV2 answer. */
export interface S3Page {
  objects: S3Object[]
  /** The token to request the next page with; null on the last page. */
  next: string | null
}

/**
 * Returns the URL of one page of the list that `location` picks from: only the files in its folder, without subfolders.
 */
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
 * Reads one page of ListObjectsV2 that `host` sent. Throws `Failure` `server_error` if the document is something else.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function readPage(xml: string, host: string): S3Page {
  const reader = new PageReader(() => notAList(host))
  const scanner = new XmlScanner(reader, () => notAList(host))
  scanner.write(xml)
  scanner.end()
  return reader.page()
}

/** The depth of the deepest elements that are read. */
const DEEPEST = 3

class PageReader implements XmlHandler {
  wantsText = false
  readonly #notAList: () => Failure
  readonly #path: string[] = []
  readonly #page: S3Page = { objects: [], next: null }
  #found = false
  #object: S3Object = { key: '', modified: 0 }
  #text = ''

  constructor(notAList: () => Failure) {
    this.#notAList = notAList
  }

  page(): S3Page {
    if (!this.#found) throw this.#notAList()
    return this.#page
  }

  open(name: string): void {
    if (this.#path.length === 0 && name !== 'ListBucketResult') throw this.#notAList()
    this.#found = true
    this.#path.push(name)
    this.#text = ''
    this.wantsText = true
  }

  text(text: string): void {
    this.#text += text
  }

  close(name: string): void {
    const at = this.#path.length > DEEPEST ? '' : this.#path.slice(1).join('/')
    if (this.#path.pop() !== name) throw this.#notAList()
    if (at === 'Contents/Key') this.#object.key = this.#text
    else if (at === 'Contents/LastModified') this.#object.modified = Date.parse(this.#text)
    else if (at === 'NextContinuationToken') this.#page.next = this.#text
    else if (at === 'Contents') {
      this.#page.objects.push(this.#object)
      this.#object = { key: '', modified: 0 }
    }
    // The next text belongs to an element that follows.
    this.#text = ''
    this.wantsText = false
  }
}

function notAList(host: string): Failure {
  return new Failure(
    'server_error',
    `${host} did not answer with a list of files.`,
    'Check that the address is that of a bucket, or name the file itself.',
  )
}

/**
 * Returns the latest of `best` and the `objects` that match the location. Of two from the same moment it is the one
 * whose key sorts last. The entry of the folder itself and files that are still being uploaded under a temporary name
 * do not count.
 */
export function newest(location: S3Location, objects: S3Object[], best: S3Object | null): S3Object | null {
  const picked = picks(location)
  let found = best
  for (const object of objects) {
    if (!picked(object.key)) continue
    if (found === null || object.modified > found.modified) found = object
    else if (object.modified === found.modified && object.key > found.key) found = object
  }
  return found
}

/** Returns the test for the keys that the newest file at a location is picked from. */
export function picks(location: S3Location): (key: string) => boolean {
  const parts = partsOf(location)
  return (key) => fits(key, parts) && !/(\/|\.tmp|\.part|\.filepart)$/i.test(key)
}

/** Returns the texts between the `*` of a location's key. A folder matches the files in it, not those in subfolders. */
function partsOf({ key }: S3Location): string[] {
  return (key === '' || key.endsWith('/') ? `${key}*` : key).split('*')
}

/**
 * Returns whether a key consists of the parts, with any characters but `/` between them. The first place that a part fits
 * is always right, so nothing is tried twice: a regular expression would try every place of every part.
 */
function fits(key: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (!key.startsWith(first)) return false
  if (last === undefined) return key === first
  let at = first.length
  for (const part of others) {
    const found = key.indexOf(part, at)
    if (found === -1 || key.slice(at, found).includes('/')) return false
    at = found + part.length
  }
  const end = key.length - last.length
  return end >= at && key.endsWith(last) && !key.slice(at, end).includes('/')
}
