import { startMiniflare } from '../miniflare.ts'

/** An S3 access key and its secret. */
export interface S3Keys {
  accessKeyId: string
  secretAccessKey: string
}

/** A bucket with an S3 API: R2 as the local runtime serves it, which checks every signature. */
export interface S3Server {
  /** The bucket's own URL. A file is at `URL/KEY`. */
  bucket: string
  put(key: string, bytes: Uint8Array): Promise<void>
  stop(): Promise<void>
}

/** Starts an empty bucket in a separate runtime, on a loopback port. Its content is lost when it stops. */
export async function startS3(port: number, keys: S3Keys): Promise<S3Server> {
  const miniflare = await startMiniflare({
    port,
    workers: [
      {
        name: 's3',
        compatibilityDate: '2026-11-01',
        modules: true,
        script: 'export default { fetch: () => new Response(null, { status: 404 }) }',
        r2Buckets: { FILES: { id: 'contacts', s3Credentials: keys } },
      },
    ],
  })
  const bucket = await miniflare.getR2Bucket('FILES')
  return {
    bucket: `http://localhost:${port}/cdn-cgi/local/r2/s3/contacts`,
    async put(key, bytes) {
      await bucket.put(key, bytes)
    },
    stop: () => miniflare.dispose(),
  }
}
