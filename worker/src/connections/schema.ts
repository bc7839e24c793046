import { z } from 'zod'
import { hostKeySchema, pathSchema } from '../../../sftp-bridge/request.ts'
import type { MappingColumn } from '../core/source.ts'
import { sftpLocation } from './sftp/location.ts'

/** A URL a source may name: `https:`, or `http:` on loopback alone, and no user name or password inside it. */
const httpUrl = z
  .string()
  .max(4000)
  .superRefine((text, context) => {
    const url = URL.parse(text)
    if (url === null || !['https:', 'http:'].includes(url.protocol)) {
      context.addIssue({ code: 'custom', message: 'Enter a full address that begins with https://' })
    } else if (url.username !== '' || url.password !== '') {
      context.addIssue({
        code: 'custom',
        message: 'Take the user name and password out of the address; they have fields of their own',
      })
    } else if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) {
      context.addIssue({ code: 'custom', message: 'Use https://; http:// would send people’s data unprotected' })
    }
  })

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

const text = z.string().min(1).max(4000)
const secret = z.string().min(1).max(20_000).nullable().default(null)

/** A public file over HTTPS, or a private one with Basic authorization (seed: options 1 and 2). */
export const httpsSchema = z.object({
  kind: z.literal('https'),
  url: httpUrl,
  username: text.nullable().default(null),
  password: secret,
})
export type HttpsSettings = z.infer<typeof httpsSchema>

/** A file in a bucket written `s3://bucket/key`, as Amazon's console copies it; any other address is that of an object. */
const s3Url = z.union(
  [
    z
      .string()
      .max(4000)
      .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/./),
    httpUrl,
  ],
  {
    error: 'Enter the object URL, which begins with https://, or s3://bucket/path/file.csv',
  },
)

/** A private file from AWS S3 or a service that speaks its protocol (seed: option 4). */
export const s3Schema = z.object({
  kind: z.literal('s3'),
  url: s3Url,
  region: z.string().regex(/^[a-z0-9-]{1,40}$/, 'A region such as ca-central-1'),
  accessKeyId: text,
  secretAccessKey: secret,
  sessionToken: secret,
})
export type S3Settings = z.infer<typeof s3Schema>

/** A file on an SFTP server; the path may be a pattern in its last part. */
const sftpUrl = z
  .string()
  .max(4000)
  .superRefine((text, context) => {
    const location = sftpLocation(text)
    const path = location === null ? null : pathSchema.safeParse(location.path)
    if (path === null) {
      const message =
        'Enter an address such as sftp://sftp.example.org/out/contacts.csv; user name, password and port have fields of their own'
      context.addIssue({ code: 'custom', message })
    } else if (!path.success) {
      for (const { message } of path.error.issues) context.addIssue({ code: 'custom', message })
    }
  })

/** A private file over SFTP (seed: option 3). */
export const sftpSchema = z.object({
  kind: z.literal('sftp'),
  url: sftpUrl,
  port: z.number().int().min(1).max(65535).default(22),
  username: z.string().min(1).max(1000),
  password: secret,
  privateKey: secret,
  passphrase: secret,
  hostKey: hostKeySchema.nullable().default(null),
  afterImport: z.enum(['leave', 'move', 'delete']).default('leave'),
})
export type SftpSettings = z.infer<typeof sftpSchema>

/** The statuses of a member in D4H. */
export const D4H_STATUSES = ['OPERATIONAL', 'NON_OPERATIONAL', 'OBSERVER', 'RETIRED'] as const

/** The members of a team in D4H Team Manager; `url` is that of its API in the team's region. */
export const d4hSchema = z.object({
  kind: z.literal('d4h'),
  url: httpUrl,
  token: secret,
  /** Null until a team has been chosen. */
  teamId: z.number().int().min(1).max(2_147_483_647).nullable().default(null),
  /** Whom to import; D4H asks for further permissions for some. */
  statuses: z.array(z.enum(D4H_STATUSES)).min(1).max(D4H_STATUSES.length).default(['OPERATIONAL']),
  /** False where the team does without D4H's module for groups. */
  groups: z.boolean().default(true),
})
export type D4hSettings = z.infer<typeof d4hSchema>

/** Contacts of a customer's Connect, chosen by its filters (seed: Connect integration). What is null is found by itself. */
export const connectSchema = z.object({
  kind: z.literal('connect'),
  url: httpUrl,
  clientName: text,
  passKey: secret,
  filterIds: z.array(z.number().int().positive()).max(100).default([]),
  contactIdAttribute: text.nullable().default(null),
  modifiedAttribute: text.nullable().default(null),
  sourceCode: text.nullable().default(null),
  writeOperation: text.nullable().default(null),
  /** How this service is asked for contacts changed since a date: its `SearchCriteriaXml`, with `{since}` for the date. */
  searchCriteria: text.nullable().default(null),
})
export type ConnectSettings = z.infer<typeof connectSchema>

/** How each kind of remote source is reached; `kind` decides. */
export const connectionSchema = z.discriminatedUnion('kind', [
  httpsSchema,
  s3Schema,
  sftpSchema,
  connectSchema,
  d4hSchema,
])
export type ConnectionSettings = z.infer<typeof connectionSchema>

/** The fields of each kind that go in and never come out (invariant 9). */
export const SECRET_FIELDS = {
  https: ['password'],
  s3: ['secretAccessKey', 'sessionToken'],
  sftp: ['password', 'privateKey', 'passphrase'],
  d4h: ['token'],
  connect: ['passKey'],
} as const satisfies Record<ConnectionSettings['kind'], readonly string[]>

/** Whether a kind of source gives records, whose changes alone can be asked for, and not a file. */
export function givesRecords({ kind }: { kind: string }): boolean {
  return kind === 'connect' || kind === 'd4h'
}

/** What is wrong with a mapping for this kind of source, or null: a file must say who a row is, a CRM knows its records. */
export function mappingRefusal(connection: { kind: string }, mapping: readonly MappingColumn[]): string | null {
  const count = (target: string) => mapping.filter(({ to }) => to === target).length
  if (!givesRecords(connection)) return count('id') === 1 ? null : 'Map exactly one column to the ID'
  if (count('id') > 1) return 'Map one column at the most to the ID'
  const required = connection.kind === 'connect' ? ['firstName', 'lastName', 'number'] : []
  return required.every((target) => count(target) === 1)
    ? null
    : 'Map the first name, the last name and the mobile number'
}

/** What a source fetches, as values that differ where another person's contacts would come. */
export function targetOf(connection: ConnectionSettings): unknown[] {
  const { kind, url } = connection
  switch (connection.kind) {
    case 'connect': {
      const { clientName, filterIds, contactIdAttribute } = connection
      return [kind, url, clientName, [...filterIds].sort((one, other) => one - other), contactIdAttribute]
    }
    case 'd4h': {
      const { teamId, statuses, groups } = connection
      return [kind, url, teamId, [...statuses].sort(), groups]
    }
    default:
      return [kind, url]
  }
}

/** The settings that a new source of this kind begins with where they are another's than most: changes, and nobody removed. */
export function kindDefaults(kind: unknown): { removal?: 'keep'; changesOnly?: true } {
  return kind === 'connect' ? { removal: 'keep', changesOnly: true } : {}
}

/** Whether changes of an SMS status can be told to the remote side: Connect wants a source code with each. */
export function writesBack(settings: { kind: string; sourceCode?: string | null }): boolean {
  return settings.kind === 'connect' && (settings.sourceCode ?? null) !== null
}
