/** The members of a request that sends a stream. */
interface StreamedBody {
  body: ReadableStream<Uint8Array>
  duplex: 'half'
}

/**
 * Returns a body of known length, which the runtime then announces: S3 refuses a body without a length. The request fails
 * if the content is longer or shorter.
 */
export function streamedBody(content: ReadableStream<Uint8Array<ArrayBuffer>>, bytes: number): StreamedBody {
  // Node, in which tests run, has no such stream. It requires `duplex`, and takes the length from the header.
  const body = 'FixedLengthStream' in globalThis ? content.pipeThrough(new FixedLengthStream(bytes)) : content
  return { body, duplex: 'half' }
}
