import { type ByteSource, ReadAgain } from '../core/bytes.ts'
import { Failure } from '../core/failure.ts'
import { type Format, formatSchema } from '../core/source.ts'
import { writeZip } from '../formats/container/zip-write.ts'
import { type Opening, tableOpener } from '../formats/table.ts'

/** Returns a file in memory that arrives in chunks of `chunkBytes`. */
export function sourceOf(content: Uint8Array | string, chunkBytes = 1000): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    name: 'contacts',
    size: bytes.length,
    async read(offset = 0, length = bytes.length - offset) {
      let at = offset
      const end = Math.min(bytes.length, offset + length)
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= end) return controller.close()
          const next = Math.min(end, at + chunkBytes)
          controller.enqueue(bytes.slice(at, next))
          at = next
        },
      })
    },
  }
}

export function formatOf(format: Partial<Format> = {}): Format {
  return formatSchema.parse(format)
}

/** Returns all rows of a file, each as its number and its cells, with the table's type and details. */
export async function readAll(
  content: Uint8Array | string | ByteSource,
  format: Partial<Format> = {},
  opening: Opening = {},
) {
  const source = typeof content === 'string' || content instanceof Uint8Array ? sourceOf(content) : content
  const open = tableOpener(source, formatOf(format), opening)
  for (;;) {
    const { type, details, batches } = await open()
    const rows: [number, ...string[]][] = []
    try {
      for await (const { numbers, cells } of batches) {
        for (const [index, row] of cells.entries()) rows.push([numbers[index] ?? Number.NaN, ...row])
      }
      return { type, details, rows }
    } catch (error) {
      if (!(error instanceof ReadAgain)) throw error
    }
  }
}

/** Returns the code of the `Failure` that reading a file ends with, or `none`. Any other error is thrown. */
export async function failureOf(
  content: Uint8Array | string | ByteSource,
  format: Partial<Format> = {},
): Promise<string> {
  try {
    await readAll(content, format)
    return 'none'
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}

/** Returns a ZIP of these texts, keyed by their names. */
export async function zipOf(files: Record<string, string>): Promise<Uint8Array> {
  return bytesOf(writeZip(Object.entries(files).map(([name, text]) => ({ name, text: [text] }))))
}

export async function gzipOf(content: Uint8Array | string): Promise<Uint8Array> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of chunks) parts.push(new Uint8Array(chunk))
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
