import { boundedBody } from './body.ts'
import { type ConnectionContext, type Fetched, TIMEOUTS } from './connection.ts'
import { fileName } from './file-name.ts'

/** Returns a successful answer to a GET of `url` as a file that has begun to arrive, within the context's bounds. */
export function httpFile(response: Response, url: URL, context: ConnectionContext, signal: AbortSignal): Fetched {
  const { headers } = response
  const etag = headers.get('ETag')
  const lastModified = headers.get('Last-Modified')
  const version = headers.get('x-amz-version-id')
  const charset = charsetOf(headers)
  const modified = Date.parse(lastModified ?? '')
  return {
    body: boundedBody(response.body ?? new Blob().stream(), {
      from: url.host,
      maxBytes: context.maxBytes,
      idleMs: (context.timeouts ?? TIMEOUTS).idle,
      expectedBytes: contentLength(headers),
      signal,
    }),
    bytes: contentLength(headers),
    name: fileName(url, headers.get('Content-Disposition')),
    modifiedAt: Number.isNaN(modified) ? null : new Date(modified).toISOString(),
    validator: etag === null && lastModified === null ? null : { etag, lastModified },
    ...(version === null ? {} : { version }),
    ...(charset === null ? {} : { charset }),
  }
}

/** Returns the encoding that an answer's `Content-Type` names (RFC 9110, 8.3.1); null if it names none. */
export function charsetOf(headers: Headers): string | null {
  const [, quoted, plain] =
    /;\s*charset\s*=\s*(?:"([^"]{1,40})"|([^\s;"]{1,40}))/i.exec(headers.get('Content-Type') ?? '') ?? []
  return quoted ?? plain ?? null
}

/**
 * Returns the announced length of an answer's content; null if no length is announced, or if it is the
 * length of an encoded form.
 */
export function contentLength(headers: Headers): number | null {
  const length = headers.get('Content-Length')
  const encoding = headers.get('Content-Encoding') ?? 'identity'
  return length !== null && /^\d+$/.test(length) && encoding.toLowerCase() === 'identity' ? Number(length) : null
}
