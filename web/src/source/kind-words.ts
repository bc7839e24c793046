import type { Kind } from '../../../worker/src/connections/kind.ts'

/** The kinds of connections in a word, for lists. */
export const KIND_WORDS: Record<Kind, string> = {
  upload: 'Upload',
  https: 'HTTPS',
  sftp: 'SFTP',
  s3: 'S3',
  connect: 'Connect',
  d4h: 'D4H',
}
