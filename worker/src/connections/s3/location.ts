import { decoded } from '../percent.ts'

/** The location of a source's file in an S3 bucket. */
export interface S3Location {
  /** The bucket's own URL without a final slash: `https://b.s3.ca-central-1.amazonaws.com`, `https://host/b`. */
  bucket: string
  /**
   * The key, not encoded. With `newest` it describes several files: a folder ends in `/` or is empty, a pattern has `*`
   * in its last part.
   */
  key: string
  pick: 'exact' | 'newest'
  /** A version of the object, if the address names one. */
  versionId: string | null
}

/**
 * Reads `s3://bucket/key` or an object URL: virtual-hosted (`https://bucket.s3.…/key`), path-style
 * (`https://s3.…/bucket/key`) or of any S3-compatible service. The address and the region must have passed the schema
 * of settings. A signature or any other query is dropped.
 */
export function s3Location(address: string, region: string): S3Location {
  const uri = /^s3:\/\/([^/]+)\/(.*)$/s.exec(address)
  if (uri !== null) {
    const [, bucket = '', key = ''] = uri
    return located(regionalBucket(bucket, region), key, null)
  }
  const url = new URL(address)
  const parts = url.pathname.slice(1).split('/')
  const before = isVirtualHosted(url.hostname) ? 0 : endpointParts(url.pathname) + 1
  const bucketPath = parts.slice(0, before).map((part) => `/${part}`)
  const key = parts.slice(before).join('/')
  // Amazon's console writes a space in an object URL as `+`.
  const plain = /\.amazonaws\.com(\.cn)?$/.test(url.hostname) ? key.replaceAll('+', ' ') : key
  return located(url.origin + bucketPath.join(''), decoded(plain), url.searchParams.get('versionId'))
}

/**
 * Returns the location of the file for opt-outs: a key in the source's own bucket, or an address of a file in it. Returns
 * null if the path is not one of a single file in that bucket.
 */
export function s3OptOutLocation(settings: {
  url: string
  region: string
  optOuts: { path: string }
}): S3Location | null {
  const { bucket } = s3Location(settings.url, settings.region)
  const { path } = settings.optOuts
  const named = /^\w+:\/\//.test(path)
  if (named && !/^(s3|https?):/.test(path)) return null
  if (named && !path.startsWith('s3:') && !URL.canParse(path)) return null
  const { key, ...at } = named ? s3Location(path, settings.region) : located(bucket, path.replace(/^\//, ''), null)
  // An address resolves `.` and `..`, so that it could not lead back to such a key.
  if (at.bucket !== bucket || at.pick !== 'exact' || key.split('/').some((part) => /^\.{1,2}$/.test(part))) return null
  return { ...at, key, versionId: null }
}

/** Returns the URL of one object, with every character encoded as Signature Version 4 requires. */
export function objectUrl({ bucket, versionId }: S3Location, key: string): URL {
  const path = key.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percentEncoded))
  const url = new URL(`${bucket}/${path.join('/')}`)
  if (versionId !== null) url.searchParams.set('versionId', versionId)
  return url
}

/**
 * Returns the URL of a bucket in a region. A certificate for `*.s3.…` does not cover a bucket with a dot in its name,
 * so such a bucket is addressed by path.
 */
function regionalBucket(bucket: string, region: string): string {
  const service = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  return bucket.includes('.') ? `https://${service}/${bucket}` : `https://${bucket}.${service}`
}

function located(bucket: string, key: string, versionId: string | null): S3Location {
  const last = key.split('/').at(-1) ?? ''
  return { bucket, key, versionId, pick: last === '' || last.includes('*') ? 'newest' : 'exact' }
}

/** Services whose bucket is part of the host name; all others have it in the path. */
const VIRTUAL_HOSTS: readonly RegExp[] = [
  // Amazon and the services that follow its naming: Wasabi, Backblaze, Scaleway, OVH.
  /^.+\.s3[.-]/,
  // Cloudflare R2: an account is 32 hexadecimal digits; the bucket before it is not.
  /^(?![0-9a-f]{32}\.).+\.r2\.cloudflarestorage\.com$/,
  /^.+\.[a-z0-9]+\.digitaloceanspaces\.com$/,
  /^.+\.storage\.googleapis\.com$/,
]

function isVirtualHosted(hostname: string): boolean {
  return VIRTUAL_HOSTS.some((pattern) => pattern.test(hostname))
}

/** Services that are found under a path of their host: Supabase, and R2 in Cloudflare's local runtime. */
const ENDPOINT_PATHS = ['/storage/v1/s3/', '/cdn-cgi/local/r2/s3/']

function endpointParts(pathname: string): number {
  const path = ENDPOINT_PATHS.find((prefix) => pathname.startsWith(prefix))
  return path === undefined ? 0 : path.split('/').length - 2
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
