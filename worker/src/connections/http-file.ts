import { boundedBody } from './body.ts'
import { type ConnectionContext, type Fetched, TIMEOUTS } from './connection.ts'
import { fileName } from './file-name.ts'

/** A successful answer to a GET of `url` as a file that has begun to arrive, within the context's bounds. */
export function httpFile(response: Response, url: URL, context: ConnectionContext, signal: AbortSignal): Fetched {
  const { headers } = response
  const etag = headers.get('ETag')
  const lastModified = headers.get('Last-Modified')
  const version = headers.get('x-amz-version-id')
  const modified = Date.parse(lastModified ?? '')
  return {
    body: boundedBody(response.body ?? new Blob().stream(), {
      from: url.host,
      maxBytes: context.maxBytes,
      idleMs: (context.timeouts ?? TIMEOUTS).idle,
      expectedBytes: contentLength(headers),
      signal,
    }),
    name: fileName(url, headers.get('Content-Disposition')),
    modifiedAt: Number.isNaN(modified) ? null : new Date(modified).toISOString(),
    validator: etag === null && lastModified === null ? null : { etag, lastModified },
    ...(version === null ? {} : { version }),
  }
}

/** The length of an answer's content as announced, or null where it is not or is that of an encoded form. */
export function contentLength(headers: Headers): number | null {
  const length = headers.get('Content-Length')
  const encoding = headers.get('Content-Encoding') ?? 'identity'
  return length !== null && /^\d+$/.test(length) && encoding.toLowerCase() === 'identity' ? Number(length) : null
}
