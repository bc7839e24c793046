import { deflateRawSync, gzipSync } from 'node:zlib'

/** Compresses at once what Node compresses in another thread, whose time would be no part of the schedule. */
export class CompressionAtOnce extends TransformStream<Uint8Array, Uint8Array> {
  constructor(format: 'gzip' | 'deflate-raw') {
    const chunks: Uint8Array[] = []
    super({
      transform: (chunk) => void chunks.push(chunk),
      flush(controller) {
        const bytes = Buffer.concat(chunks)
        controller.enqueue(new Uint8Array(format === 'gzip' ? gzipSync(bytes) : deflateRawSync(bytes)))
      },
    })
  }
}
