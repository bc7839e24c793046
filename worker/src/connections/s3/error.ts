import { Failure, type FailureCode } from '../../core/failure.ts'
import { edgeFailure } from '../network.ts'
import { retryAfterSeconds } from '../status.ts'

/** The content of an error document of S3. */
interface S3Error {
  code: string
  message: string
  region: string | null
}

type Explanation = [code: FailureCode, message: string, advice: string]

/** What a request does with a file. */
export type Doing = 'read' | 'write'

/**
 * Returns the failure for an S3 answer other than success, from its error document if it has one.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function s3Failure(
  response: Response,
  document: string,
  host: string,
  region: string,
  doing: Doing = 'read',
): Failure {
  const edge = edgeFailure(response.status, host)
  if (edge !== null) return edge
  const error = readError(document)
  const right = rightRegion(error, response.headers.get('x-amz-bucket-region'), region)
  const [code, message, advice] =
    (right === null ? null : wrongRegion(right, region)) ??
    explainCode(error.code, host, region) ??
    explainStatus(response.status, error.code, host, doing)
  const retryAfter = retryAfterSeconds(response.headers.get('Retry-After'), Date.now())
  return new Failure(code, message, advice, retryAfter === null ? {} : { retryAfter })
}

function readError(document: string): S3Error {
  const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(document)?.[1] ?? ''
  const message = text('Message')
  const expected = /expecting (?:'|&apos;|&#39;)([a-z0-9-]+)/.exec(message)?.[1]
  return { code: text('Code'), message, region: text('Region') || expected || null }
}

/** Returns the region of the bucket if the answer names another one than the request; else null. */
function rightRegion(error: S3Error, header: string | null, region: string): string | null {
  const named = header ?? error.region
  return named !== null && named !== region && /^[a-z0-9-]{1,40}$/.test(named) ? named : null
}

function wrongRegion(right: string, region: string): Explanation {
  return [
    'wrong_region',
    `The bucket is in the region ${right}, not in ${region}.`,
    `Set the region to ${right}. If the address names a region too, change it there as well.`,
  ]
}

function explainCode(code: string, host: string, region: string): Explanation | null {
  switch (code) {
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'InvalidRegionName':
    case 'IllegalLocationConstraintException':
      return [
        'wrong_region',
        `The bucket is not in the region ${region}.`,
        'Set the region that the bucket’s page shows.',
      ]
    case 'TemporaryRedirect':
      return [
        'server_error',
        `${host} does not lead to the bucket yet.`,
        'The bucket is new or is being moved. Use the address with the region in it, or try again in a day.',
      ]
    case 'NoSuchKey':
    case 'NoSuchVersion':
    case 'MethodNotAllowed':
      return ['not_found', 'There is no such file in the bucket.', 'Check the address; capitals and spaces count.']
    case 'NoSuchBucket':
      return ['not_found', 'There is no bucket by this name.', 'Check the bucket’s name and the address.']
    case 'InvalidAccessKeyId':
      return ['unauthorized', 'The access key does not exist.', 'Enter the access key again, or make a new one.']
    case 'SignatureDoesNotMatch':
      return ['unauthorized', 'The secret key does not belong to the access key.', 'Enter both keys again.']
    case 'ExpiredToken':
    case 'InvalidToken':
    case 'TokenRefreshRequired':
      return [
        'unauthorized',
        'The session token has expired or does not belong to the keys.',
        'Temporary keys do not last for scheduled imports: make an access key for a user of its own and leave the session token empty.',
      ]
    case 'RequestTimeTooSkewed':
      return [
        'unauthorized',
        `The clocks here and on ${host} differ by more than is allowed.`,
        'Set the clock of the server; the keys may be right.',
      ]
    case 'InvalidObjectState':
      return [
        'forbidden',
        'The file lies in an archive.',
        'Restore it from the archive, or choose another storage class.',
      ]
    case 'SlowDown':
    case 'RequestLimitExceeded':
    case 'Throttling':
      return ['rate_limited', `${host} asks for fewer requests.`, 'Wait, and import less often if this goes on.']
    case 'RequestTimeout':
      return ['timeout', `${host} took too long to answer.`, 'Run the import again later.']
    default:
      return null
  }
}

function explainStatus(status: number, code: string, host: string, doing: Doing): Explanation {
  switch (status) {
    case 401:
      return ['unauthorized', `${host} did not accept the keys.`, 'Enter the access key and the secret key again.']
    case 403:
      if (doing === 'write') {
        return [
          'forbidden',
          'These keys do not allow the file to be written.',
          'Give the user s3:PutObject on the file. With s3:GetObject and s3:ListBucket, Muster also reads back what it wrote.',
        ]
      }
      return [
        'forbidden',
        'These keys do not allow the file to be read.',
        'Give the user s3:GetObject on the file, and s3:ListBucket on the bucket for a folder or pattern. Check the file’s name as well: ' +
          'without s3:ListBucket a missing file looks like a forbidden one.',
      ]
    case 404:
      return [
        'not_found',
        `There is no file at this address on ${host}.`,
        'Check the address; capitals and spaces count.',
      ]
    case 429:
      return ['rate_limited', `${host} asks for fewer requests.`, 'Wait, and import less often if this goes on.']
    default: {
      const named = /^[A-Za-z.]{1,60}$/.test(code) ? `${status}, ${code}` : String(status)
      return [
        'server_error',
        `${host} did not ${doing === 'write' ? 'take' : 'give'} the file (${named}).`,
        doing === 'write'
          ? 'Check the path of the file in the bucket. Muster tries again by itself.'
          : 'Check that the address is that of the file in the bucket, and run the import again later.',
      ]
    }
  }
}
