import { actAfterImport } from '../../sftp-bridge/after-import.ts'
import { isSameVersion } from '../../sftp-bridge/open.ts'
import {
  afterImportRequestSchema,
  type FailureAnswer,
  FILE_HEADERS,
  type FileVersion,
  openRequestSchema,
} from '../../sftp-bridge/request.ts'
import { Failure } from '../../worker/src/core/failure.ts'
import type { Random } from '../catalogue/random.ts'
import { FileSource } from './remote.ts'

/** Where the Worker reaches the SFTP bridge, and the secret that they share. */
export const BRIDGE = { BRIDGE_URL: 'http://sftp-bridge.example.org', BRIDGE_SECRET: 'b'.repeat(32) }

/** The second in which the first version of the file was written. */
const FIRST = Date.UTC(2026, 10, 1)
const NAME = 'contacts.csv'

/**
 * An SFTP server, behind the bridge, with a file that Muster moves or deletes once it is imported. The next version comes
 * to the same place, whether the one before was taken or not.
 */
export class SftpSource extends FileSource {
  /** The versions that were moved or deleted, in this order. */
  readonly taken: FileVersion[] = []
  readonly #afterImport: 'move' | 'delete'

  constructor(random: Random) {
    super(random, 'c')
    this.#afterImport = random.pick(['move', 'delete'])
  }

  override get settings(): Record<string, unknown> {
    const signIn = { username: 'muster', password: 's3cret-of-the-team', hostKey: `SHA256:${'A'.repeat(43)}` }
    const url = `sftp://files.example.org/out/${NAME}`
    return { connection: { kind: 'sftp', url, ...signIn, afterImport: this.#afterImport } }
  }

  protected override get host(): string {
    return BRIDGE.BRIDGE_URL
  }

  /** The version that is there; null if it was taken. */
  get left(): FileVersion | null {
    const bytes = new TextEncoder().encode(this.text).length
    const version = { name: NAME, bytes, modifiedAt: new Date(FIRST + this.versions * 1000).toISOString() }
    return this.taken.some((one) => isSameVersion(one, version)) ? null : version
  }

  offer(): void {
    if (this.left === null) this.change()
  }

  override async answer(request: Request, troubled: number): Promise<Response> {
    if (this.random.chance(troubled / 2)) return this.#failed()
    const body: unknown = await request.json()
    if (new URL(request.url).pathname === '/open') return this.#open(openRequestSchema.parse(body).since, troubled / 2)
    const reply = await actAfterImport(this.#files(), afterImportRequestSchema.parse(body), 0)
    return this.random.chance(troubled / 2) ? this.#failed() : Response.json(reply)
  }

  #open(since: FileVersion | null, troubled: number): Response {
    const { left } = this
    if (left === null) return refusal('not_found')
    if (since !== null && isSameVersion(left, since)) return new Response(null, { status: 304 })
    const text = this.random.chance(troubled) ? this.text.slice(0, -20) : this.text
    const version = { [FILE_HEADERS.name]: left.name, [FILE_HEADERS.modifiedAt]: left.modifiedAt }
    return new Response(text, { headers: { ...version, [FILE_HEADERS.bytes]: String(left.bytes) } })
  }

  #failed(): Response {
    const code = this.random.pick(['unreachable', 'timeout', 'server_error', 'forbidden', null] as const)
    return code === null ? new Response('Trouble', { status: 503 }) : refusal(code)
  }

  /** Returns what the bridge needs of the server to move or delete a file. */
  #files(): Parameters<typeof actAfterImport>[0] {
    const take = async () => {
      if (this.left !== null) this.taken.push(this.left)
    }
    const stat = async () => {
      if (this.left === null) throw new Failure('not_found', 'There is no such file.', 'Check the path.')
      return { kind: 'file', ...this.left } as const
    }
    return { stat, remove: take, rename: take }
  }
}

function refusal(code: FailureAnswer['code']): Response {
  return Response.json({ code, message: 'The server has trouble.', advice: 'Ask its administrator.' }, { status: 424 })
}
