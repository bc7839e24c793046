import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionContext, NewFile } from '../../connections/connection.ts'
import type { Kind } from '../../connections/kind.ts'
import { CONTEXT, failureOf, open, read } from './contract.ts'

/** A server of one kind that files are written to. It listens on loopback. */
export interface WritableStage {
  /** Writes a file of this name. `credentials`: right or wrong ones; `nowhere` is a port on which nothing listens. */
  write(
    name: string,
    file: NewFile,
    signal: AbortSignal,
    context: ConnectionContext,
    credentials: 'right' | 'wrong' | 'nowhere',
  ): Promise<void>
  /** Returns the connection to a source's file of this name. */
  connect(name: string): Connection
  /** Texts that must never appear in a failure. */
  secrets(): string[]
}

/** Returns a file as the caller of a connection describes it. */
function newFile(content: string | Uint8Array<ArrayBuffer>, announced: Partial<NewFile> = {}): NewFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    content: () => new Blob([bytes]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
    ...announced,
  }
}

/** Defines the tests that every kind must pass whose files can be written. */
export function writingContract(kind: Kind, stage: WritableStage): void {
  const never = new AbortController().signal
  const write = (name: string, file: NewFile) => stage.write(name, file, never, CONTEXT, 'right')
  const stored = async (name: string) => read(await open(stage.connect(name)))
  const text = async (name: string) => new TextDecoder().decode(await stored(name))

  describe(`a file written to a server of kind ${kind}`, () => {
    it('a written file is read back byte for byte, and replaced by the next one', async () => {
      await write('Opt-outs é (1)+%.csv', newFile('ID\r\n1\r\n2\r\n'))
      expect(await text('Opt-outs é (1)+%.csv')).toBe('ID\r\n1\r\n2\r\n')
      await write('Opt-outs é (1)+%.csv', newFile('ID\r\n3\r\n'))
      expect(await text('Opt-outs é (1)+%.csv')).toBe('ID\r\n3\r\n')
    })

    it('a large file is written byte for byte', async () => {
      const large = new Uint8Array(randomBytes(3_000_000))
      await write('large.csv', newFile(large))
      expect(Buffer.from(await stored('large.csv')).equals(large)).toBe(true)
    })

    it.each([
      ['is longer than it was announced', newFile('ID\r\n2\r\n', { bytes: 4 })],
      ['is shorter than it was announced', newFile('ID\r\n2\r\n', { bytes: 4000 })],
      ['is another than was announced', newFile('ID\r\n2\r\n', { sha256: '0'.repeat(64) })],
    ])('content that %s does not replace the file', async (_, file) => {
      await write('kept.csv', newFile('ID\r\n1\r\n'))
      await failureOf(() => write('kept.csv', file), stage.secrets())
      expect(await text('kept.csv')).toBe('ID\r\n1\r\n')
    })

    it('content that breaks off does not replace the file', async () => {
      await write('kept.csv', newFile('ID\r\n1\r\n'))
      const content = () =>
        new ReadableStream<Uint8Array<ArrayBuffer>>({
          start: (controller) => controller.enqueue(new TextEncoder().encode('ID\r\n')),
          pull: (controller) => controller.error(new Error('The database is busy')),
        })
      await expect(write('kept.csv', newFile('ID\r\n1\r\n2\r\n', { content }))).rejects.toThrow()
      expect(await text('kept.csv')).toBe('ID\r\n1\r\n')
    })

    it('wrong credentials, a missing server and loopback in production write nothing, and say why', async () => {
      await write('kept.csv', newFile('ID\r\n1\r\n'))
      const attempt = (context: ConnectionContext, credentials: 'right' | 'wrong' | 'nowhere') =>
        failureOf(() => stage.write('kept.csv', newFile('ID\r\n'), never, context, credentials), stage.secrets())
      expect((await attempt(CONTEXT, 'wrong')).code).toBe('unauthorized')
      expect((await attempt(CONTEXT, 'nowhere')).code).toBe('unreachable')
      expect((await attempt({ ...CONTEXT, allowLoopback: false }, 'right')).code).toBe('address_refused')
      expect(await text('kept.csv')).toBe('ID\r\n1\r\n')
    })

    it('a write that is cancelled replaces nothing', async () => {
      await write('kept.csv', newFile('ID\r\n1\r\n'))
      const stop = new AbortController()
      const content = () =>
        new ReadableStream<Uint8Array<ArrayBuffer>>({
          start: (controller) => controller.enqueue(new TextEncoder().encode('ID\r\n')),
          pull: () => stop.abort(new Error('cancelled')),
        })
      const file = newFile('ID\r\n1\r\n2\r\n', { content })
      await expect(stage.write('kept.csv', file, stop.signal, CONTEXT, 'right')).rejects.toThrow('cancelled')
      expect(await text('kept.csv')).toBe('ID\r\n1\r\n')
    })
  })
}
