import { HostKeyFailure } from '../../../../sftp-bridge/hostkey.ts'
import {
  type AfterImportReply,
  type AfterImportRequest,
  afterImportReplySchema,
  FILE_HEADERS,
  type FileVersion,
  failureAnswerSchema,
  type OpenRequest,
  type Target,
  type WriteRequest,
} from '../../../../sftp-bridge/request.ts'
import { SIGNATURE_HEADER, signRequest } from '../../../../sftp-bridge/signature.ts'
import { Failure } from '../../core/failure.ts'
import type { Env } from '../../env.ts'
import { streamOf } from '../../formats/stream.ts'
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
import { streamedBody } from '../request-body.ts'
import { retryAfterSeconds } from '../status.ts'
import { sftpLocation } from './location.ts'
import type { SftpSettings } from './schema.ts'

/**
 * How long the bridge may take beyond its own bounds, in milliseconds: to start its container, and to report a failure.
 */
const SLACK = 15_000

/** The SFTP bridge: a container in production, a process beside the Worker on one machine. */
export interface Bridge {
  fetch(request: Request): Promise<Response>
  /** The secret shared with the bridge, and another one while it changes; they sign every request. */
  secrets: readonly string[]
}

/** Returns the SFTP bridge of this Worker. */
function bridgeOf({ BRIDGE, BRIDGE_SECRET = '', BRIDGE_SECRET_OTHER = '', BRIDGE_URL }: Env): Bridge {
  return {
    secrets: [BRIDGE_SECRET, BRIDGE_SECRET_OTHER].filter((secret, at) => at === 0 || secret !== ''),
    async fetch(request) {
      if (BRIDGE_URL !== undefined)
        return fetch(new Request(new URL(new URL(request.url).pathname, BRIDGE_URL), request))
      if (BRIDGE === undefined) throw new Error('There is no SFTP bridge')
      return BRIDGE.get(BRIDGE.idFromName('bridge')).fetch(request)
    },
  }
}

export const sftp: Reach<'sftp'> = {
  open: (settings, context, env) => openSftp(settings, context, bridgeOf(env)),
  async afterImport(settings, context, env, file) {
    await afterImportOnSftp(settings, context, bridgeOf(env), file)
  },
  write: (settings, context, env, file, signal) => writeOnSftp(settings, context, bridgeOf(env), file, signal),
}

/**
 * Connects to a private file over SFTP (seed: option 3), or to the newest one that fits a pattern in the last part of
 * the path.
 */
export function openSftp(settings: SftpSettings, context: ConnectionContext, bridge: Bridge): Connection {
  const timeouts = context.timeouts ?? TIMEOUTS
  return {
    async open({ signal, since }) {
      const target = targetOf(settings, context)
      const body: OpenRequest = {
        ...target,
        since: versionOf(since),
        maxBytes: context.maxBytes,
        timeouts: { firstByte: timeouts.firstByte },
      }
      const response = await ask(bridge, '/open', body, { signal, waitMs: timeouts.firstByte + SLACK })
      if (response.status === 304 && since !== null) return 'not_modified'
      if (response.status !== 200) throw await failureOf(response, settings)
      const version = announced(response.headers)
      return {
        body: boundedBody(response.body ?? new Blob().stream(), {
          from: target.host,
          maxBytes: context.maxBytes,
          idleMs: timeouts.idle,
          expectedBytes: version.bytes,
          signal,
        }),
        name: version.name,
        modifiedAt: version.modifiedAt,
        validator: { etag: `${version.bytes} ${version.name}`, lastModified: version.modifiedAt },
      }
    },
  }
}

/**
 * Moves or deletes the imported file, as the source's settings say. Call it once the run has been applied; it may be
 * called any number of times. `file` is the fetched version. Returns null if the settings leave the file in place.
 * Throws `Failure`.
 */
export async function afterImportOnSftp(
  settings: SftpSettings,
  context: ConnectionContext,
  bridge: Bridge,
  file: FileVersion,
): Promise<AfterImportReply | null> {
  if (settings.afterImport === 'leave') return null
  const body: AfterImportRequest = { ...targetOf(settings, context), ...file, afterImport: settings.afterImport }
  const waitMs = TIMEOUTS.firstByte + SLACK
  const response = await ask(bridge, '/settle', body, { signal: AbortSignal.timeout(2 * waitMs), waitMs })
  if (response.status !== 200) throw await failureOf(response, settings)
  return afterImportReplySchema.parse(await jsonOf(response))
}

/**
 * Writes a file, or replaces it when all of it has arrived. May be called any number of times. Throws `Failure`, or the
 * signal's reason when aborted.
 */
export async function writeOnSftp(
  settings: SftpSettings,
  context: ConnectionContext,
  bridge: Bridge,
  { bytes, sha256, content }: NewFile,
  signal: AbortSignal,
): Promise<void> {
  const head = { ...targetOf(settings, context), bytes, sha256, timeouts: { total: WRITE_WITHIN } }
  const response = await ask(bridge, '/write', head, { signal, waitMs: WRITE_WITHIN + SLACK }, { bytes, content })
  if (!response.ok) throw await failureOf(response, settings)
  await response.body?.cancel()
}

function targetOf(settings: SftpSettings, context: ConnectionContext): Target {
  const { url, port, username, password, privateKey, passphrase, hostKey } = settings
  const location = sftpLocation(url)
  if (location === null) {
    throw new Failure(
      'not_found',
      'The address is not one of a file on an SFTP server.',
      'Enter sftp://host/path/file.csv.',
    )
  }
  // The bridge checks the addresses that the name resolves to. A literal private address is refused before that.
  refuseAddress(new URL(`sftp://${location.host.includes(':') ? `[${location.host}]` : location.host}/`), context)
  return { ...location, port, username, password, privateKey, passphrase, hostKey }
}

async function ask(
  bridge: Bridge,
  path: '/open' | '/settle' | '/write',
  request: OpenRequest | AfterImportRequest | WriteRequest,
  { signal, waitMs }: { signal: AbortSignal; waitMs: number },
  file?: Pick<NewFile, 'bytes' | 'content'>,
): Promise<Response> {
  signal.throwIfAborted()
  const body = new TextEncoder().encode(JSON.stringify(request))
  const signature = await signRequest(bridge.secrets, { method: 'POST', path, body }, Math.floor(Date.now() / 1000))
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), waitMs)
  try {
    return await bridge.fetch(
      new Request(`http://sftp-bridge${path}`, {
        method: 'POST',
        ...(file === undefined
          ? { body }
          : streamedBody(streamOf(headAndContent(body, file)), body.length + 1 + file.bytes)),
        headers: { [SIGNATURE_HEADER]: signature },
        signal: AbortSignal.any([signal, late.signal]),
      }),
    )
  } catch (error) {
    signal.throwIfAborted()
    throw unavailable(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Yields the body of a request that writes a file: the signed line, then the content. */
async function* headAndContent(head: Uint8Array<ArrayBuffer>, { content }: Pick<NewFile, 'content'>) {
  yield head
  yield new TextEncoder().encode('\n')
  yield* content()
}

/**
 * Returns the failure that the bridge reports. An answer that is not the bridge's own comes from its container or a
 * proxy.
 */
async function failureOf(response: Response, settings: SftpSettings): Promise<Failure> {
  const answer = failureAnswerSchema.safeParse(await jsonOf(response).catch(() => null))
  if (!answer.success) return unavailable(new Error(`status ${response.status}`))
  const { code, message, advice, hostKey } = answer.data
  if (hostKey !== undefined) return new HostKeyFailure(hostKey, settings.hostKey)
  const retryAfter = retryAfterSeconds(response.headers.get('Retry-After'), Date.now())
  return new Failure(code, message, advice, retryAfter === null ? {} : { retryAfter })
}

/** The longest short answer of the bridge, in bytes. */
const MOST_ANSWER = 100_000

/** Reads a short answer of the bridge. */
function jsonOf({ body }: Response): Promise<unknown> {
  const bounds = { from: 'the SFTP bridge', maxBytes: MOST_ANSWER, idleMs: SLACK, expectedBytes: null }
  const { signal } = new AbortController()
  return new Response(boundedBody(body ?? new Blob().stream(), { ...bounds, signal })).json()
}

function unavailable(cause: unknown): Failure {
  return new Failure(
    'bridge_unavailable',
    'The part of Muster that speaks SFTP does not answer.',
    'Muster tries again by itself. If this keeps happening, the operator of Muster should look at the SFTP bridge.',
    { cause },
  )
}

function announced(headers: Headers): FileVersion {
  return {
    name: decodeURIComponent(headers.get(FILE_HEADERS.name) ?? ''),
    bytes: Number(headers.get(FILE_HEADERS.bytes)),
    modifiedAt: headers.get(FILE_HEADERS.modifiedAt) ?? '',
  }
}

/**
 * Returns the version for which `open` made this validator. SFTP itself has no versions; name, size and time together
 * identify one.
 */
function versionOf(validator: Validator | null): FileVersion | null {
  const [, bytes, name] = /^(\d+) (.+)$/s.exec(validator?.etag ?? '') ?? []
  const modifiedAt = validator?.lastModified ?? null
  return bytes === undefined || name === undefined || modifiedAt === null
    ? null
    : { name, bytes: Number(bytes), modifiedAt }
}
