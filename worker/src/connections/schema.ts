import * as z from 'zod'
import { connectSchema } from './connect/schema.ts'
import { d4hSchema } from './d4h/schema.ts'
import { httpsSchema } from './https/schema.ts'
import { s3Schema } from './s3/schema.ts'
import { sftpSchema } from './sftp/schema.ts'
import { uploadSchema } from './upload/schema.ts'

/** The settings that reach a source; `kind` decides which they are. The other maps of kinds are typed by this union. */
export const connectionSchema = z.discriminatedUnion('kind', [
  httpsSchema,
  s3Schema,
  sftpSchema,
  connectSchema,
  d4hSchema,
  uploadSchema,
])

/** The connection of a source, as it is stored and opened. */
export type ConnectionSettings = z.infer<typeof connectionSchema>

/** A connection of a kind whose files can be written. */
export type WritableConnection = Extract<ConnectionSettings, { optOuts: unknown }>

/** A connection before its defaults are filled in, as the API accepts it and the pages edit it. */
export type ConnectionDraft = z.input<typeof connectionSchema>

const [first, ...others] = connectionSchema.options

/** A connection as it was stored: without the rules between members, since a version before may have known fewer of them. */
export const storedConnectionSchema = z.discriminatedUnion('kind', [
  z.object(first.shape),
  ...others.map(({ shape }) => z.object(shape) as z.ZodObject<typeof shape>),
]) as z.ZodType<ConnectionSettings>
