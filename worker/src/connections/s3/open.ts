import { AwsV4Signer } from 'aws4fetch'
import { Failure } from '../../core/failure.ts'
import { refuseAddress } from '../../security/address.ts'
import { boundedBody } from '../body.ts'
import {
  type Connection,
  type ConnectionContext,
  type NewFile,
  type Reach,
  TIMEOUTS,
  type Validator,
  WRITE_WITHIN,
} from '../connection.ts'
import { httpFile } from '../http-file.ts'
import { request } from '../network.ts'
import { streamedBody } from '../request-body.ts'
import { type Doing, s3Failure } from './error.ts'
import { listUrl, newest, readPage, type S3Object } from './list.ts'
import { objectUrl, type S3Location, s3Location } from './location.ts'
import type { S3Settings } from './schema.ts'

/** A page of a thousand keys of the greatest length fits into it. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
const MAX_PAGES = 200

export const s3: Reach<'s3'> = {
  open: openS3,
  write: (settings, context, _, file, signal) => putOnS3(settings, context, file, signal),
}

/**
 * Connects to a private file in AWS S3 or an S3-compatible service (seed: option 4): the object at an address, or the
 * newest object in a folder (the address ends in `/`) or of a pattern (`*` in its last part).
 */
export function openS3(settings: S3Settings, context: ConnectionContext): Connection {
  const location = s3Location(settings.url, settings.region)
  const timeouts = context.timeouts ?? TIMEOUTS

  async function get(url: URL, since: Validator | null, signal: AbortSignal): Promise<Response> {
    const headers = await signedHeaders(url, settings, 'GET')
    // These headers are not signed, since the platform may change them on the way. Uncompressed: see https/open.ts.
    headers.set('Accept-Encoding', 'identity')
    headers.set('User-Agent', 'Muster')
    if (since?.etag) headers.set('If-None-Match', since.etag)
    else if (since?.lastModified) headers.set('If-Modified-Since', since.lastModified)
    const response = await request(url, { headers }, { signal, firstByteMs: timeouts.firstByte })
    if (response.status === 200 || (response.status === 304 && since !== null)) return response
    throw await failureOf(response, url, settings, timeouts.idle, signal, 'read')
  }

  async function newestKey(signal: AbortSignal): Promise<string> {
    let found: S3Object | null = null
    let next: string | null = null
    for (let page = 0; page < MAX_PAGES; page++) {
      const url = listUrl(location, next)
      const answer = readPage(await documentOf(await get(url, null, signal), url, timeouts.idle, signal), url.host)
      found = newest(location, answer.objects, found)
      next = answer.next
      if (next === null) return found?.key ?? nothingFound(location)
    }
    throw new Failure(
      'too_large',
      'There are too many files in the folder to find the newest.',
      'Name the file itself, or move old files to another folder.',
    )
  }

  return {
    async open({ signal, since }) {
      refuseAddress(new URL(location.bucket), context)
      const key = location.pick === 'exact' ? location.key : await newestKey(signal)
      const url = objectUrl(location, key)
      const response = await get(url, since, signal)
      return response.status === 304 ? 'not_modified' : httpFile(response, url, context, signal)
    },
  }
}

/**
 * Writes an object, or replaces it: S3 shows the new content once it has all of it. Throws `Failure`, or the signal's
 * reason when aborted.
 */
export async function putOnS3(
  settings: S3Settings,
  context: ConnectionContext,
  { bytes, sha256, content }: NewFile,
  signal: AbortSignal,
): Promise<void> {
  const location = s3Location(settings.url, settings.region)
  refuseAddress(new URL(location.bucket), context)
  const url = objectUrl(location, location.key)
  const headers = await signedHeaders(url, settings, 'PUT', { 'x-amz-content-sha256': sha256 })
  headers.set('Content-Type', 'text/csv; charset=utf-8')
  headers.set('Content-Length', String(bytes))
  headers.set('User-Agent', 'Muster')
  const init = { method: 'PUT', headers, ...streamedBody(content(), bytes) }
  const response = await request(url, init, { signal, firstByteMs: WRITE_WITHIN })
  if (!response.ok) {
    throw await failureOf(response, url, settings, (context.timeouts ?? TIMEOUTS).idle, signal, 'write')
  }
  await response.body?.cancel()
}

async function failureOf(
  response: Response,
  url: URL,
  { region }: S3Settings,
  idleMs: number,
  signal: AbortSignal,
  doing: Doing,
): Promise<Failure> {
  // If the error document arrives incomplete, the status still shows the error.
  const document = await documentOf(response, url, idleMs, signal).catch(() => '')
  signal.throwIfAborted()
  return s3Failure(response, document, url.host, region, doing)
}

/** Returns the text of an answer that is a document of the service: a list or an error. */
async function documentOf(response: Response, url: URL, idleMs: number, signal: AbortSignal): Promise<string> {
  const bounds = { from: url.host, maxBytes: MAX_DOCUMENT_BYTES, idleMs, expectedBytes: null, signal }
  return new Response(boundedBody(response.body ?? new Blob().stream(), bounds)).text()
}

/**
 * Signs a request with Signature Version 4, by aws4fetch's signer. Its client is not used, since it follows redirects and
 * retries.
 */
async function signedHeaders(
  url: URL,
  settings: S3Settings,
  method: 'GET' | 'PUT',
  headers: Record<string, string> = {},
): Promise<Headers> {
  const { accessKeyId, secretAccessKey, sessionToken, region } = settings
  if (secretAccessKey === null) {
    throw new Failure('unauthorized', 'There is no secret key for the access key.', 'Enter the secret key.')
  }
  const signer = new AwsV4Signer({
    url: url.href,
    method,
    headers,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === null ? {} : { sessionToken }),
    service: 's3',
    region,
  })
  return (await signer.sign()).headers
}

function nothingFound({ key }: S3Location): never {
  throw new Failure(
    'not_found',
    key.includes('*') ? 'No file in the bucket matches the pattern.' : 'There is no file in this folder of the bucket.',
    'Check the address; capitals and spaces count.',
  )
}
