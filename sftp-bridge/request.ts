import * as z from 'zod'
import { FAILURE_CODES } from '../worker/src/core/failure.ts'
import { isTemporary, matches, splitPath } from './names.ts'

/**
 * The contract between the Worker and the bridge, as README.md describes it. Both import this file, so it uses only
 * what runs in both.
 */

/** Headers of a file that is streamed. The name is percent-encoded; the time is ISO 8601 UTC. */
export const FILE_HEADERS = {
  name: 'Muster-File-Name',
  modifiedAt: 'Muster-File-Modified',
  bytes: 'Muster-File-Bytes',
} as const

/** The longest request body, in bytes: keys and passwords fit with room to spare. */
export const MAX_BODY_BYTES = 100_000

const milliseconds = z.number().int().min(1)
const secret = z.string().min(1).max(20_000).nullable()

/**
 * A path on the server: absolute, or relative to the folder that the user signs in to. Only its last part may be a
 * pattern.
 */
export const pathSchema = z
  .string()
  .min(1)
  .max(4000)
  .refine((text) => !text.includes('\0'), 'A path cannot hold a NUL character')
  .refine((text) => !/[*?].*\//.test(text), 'Only the file name may be a pattern, not a folder before it')
  .refine((text) => !text.endsWith('/'), 'Name a file, not a folder')

/** The fingerprint of a host key, as `ssh-keygen -l` prints it. */
export const hostKeySchema = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, 'A fingerprint that begins with SHA256: and has 43 characters after it')

const fileName = z
  .string()
  .min(1)
  .max(1000)
  .refine((text) => !/[/\0]/.test(text), 'A file name cannot hold a slash')

const bytes = z.number().int().min(0)

/**
 * One version of a remote file, as far as SFTP can identify it: its name, its size, and the second of its last change.
 */
const fileVersionSchema = z.object({ name: fileName, bytes, modifiedAt: z.iso.datetime() })
export type FileVersion = z.infer<typeof fileVersionSchema>

const targetSchema = z.object({
  /** A name or an IP address; IPv6 has no brackets. */
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  path: pathSchema,
  username: z.string().min(1).max(1000),
  password: secret,
  privateKey: secret,
  passphrase: secret,
  /** The pinned host key. Null asks for the server's fingerprint, and the bridge does not sign in. */
  hostKey: hostKeySchema.nullable(),
  /** Shortens the bridge's own bounds for this request, in milliseconds; never lengthens them. */
  timeouts: z
    .object({ connect: milliseconds, firstByte: milliseconds, idle: milliseconds, total: milliseconds })
    .partial()
    .optional(),
})
export type Target = z.infer<typeof targetSchema>

/** The body of `POST /open`. With `since`, the answer is 304 if the file found is still that version. */
export const openRequestSchema = targetSchema.extend({
  since: fileVersionSchema.nullable(),
  maxBytes: z.number().int().min(1),
})
export type OpenRequest = z.infer<typeof openRequestSchema>

/** The body of `POST /settle`: what to do with the imported file, once its run has been applied. */
export const afterImportRequestSchema = targetSchema
  .extend({
    ...fileVersionSchema.shape,
    afterImport: z.enum(['move', 'delete']),
  })
  .refine(({ path, name }) => matches(splitPath(path).last, name), 'The name does not fit the path')
export type AfterImportRequest = z.infer<typeof afterImportRequestSchema>

/**
 * The answer to `POST /settle`: `moved` (to `name`, in the same folder), `deleted`, `gone` (the file was no longer
 * there, for example after an earlier equal request), or `changed` (another version has replaced it and is left for the
 * next import).
 */
export const afterImportReplySchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('moved'), name: z.string() }),
  z.object({ outcome: z.enum(['deleted', 'gone', 'changed']) }),
])
export type AfterImportReply = z.infer<typeof afterImportReplySchema>

/**
 * A path that a file can be written to: no pattern, and no name for temporary files, since Muster could not read it back.
 */
export const writablePathSchema = pathSchema
  .refine((text) => !/[*?]/.test(text), 'Name one file: * and ? cannot be part of the name')
  .refine((text) => !isTemporary(splitPath(text).last), 'Choose a name that is not one of a temporary file')

/**
 * The head of `POST /write`, one line of JSON before the content of the file. The content must have this length and this
 * digest.
 */
export const writeRequestSchema = targetSchema.extend({
  path: writablePathSchema,
  bytes,
  /** SHA-256 of the content, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type WriteRequest = z.infer<typeof writeRequestSchema>

/** Every answer that is neither a file nor a success. `hostKey` is the fingerprint that the server showed. */
export const failureAnswerSchema = z.object({
  code: z.enum(FAILURE_CODES),
  message: z.string(),
  advice: z.string(),
  hostKey: z.string().optional(),
})
export type FailureAnswer = z.infer<typeof failureAnswerSchema>
