import * as z from 'zod'
import { ROLES } from '../../security/roles.ts'
import { TOKEN_SCOPES } from '../../security/scopes.ts'
import { settingsSchema } from '../../store/settings.ts'
import { FACTOR_STATES } from '../second-factor.ts'
import { count, text, time } from './answer.ts'

/* The people and systems that use Muster. */

export const sessionSchema = z.object({
  email: text.nullable(),
  name: text,
  role: z.enum(ROLES),
  /** Whether a source is enabled. Contacts and groups are then read-only here. */
  managedRemotely: z.boolean(),
  /** `required`: nothing else is allowed until the person has an authenticator app. */
  secondFactor: z.enum(FACTOR_STATES),
})
export type SessionView = z.infer<typeof sessionSchema>

export const signInOptionsSchema = z.object({
  password: z.boolean(),
  /** Whether Cloudflare Access lets people in. */
  access: z.boolean(),
  /** Whether a link for a forgotten password can be requested. */
  reset: z.boolean(),
  /** Who must have a second factor. */
  secondFactor: settingsSchema.shape.secondFactor.unwrap(),
  demo: z.boolean(),
})

export const accountSchema = z.object({ secondFactor: z.enum(FACTOR_STATES), recoveryCodesLeft: count })

/** One of a person's own open sessions. */
export const ownSessionSchema = z.object({
  id: text,
  createdAt: time,
  /** When the person was last active, to the minute. */
  seenAt: time,
  /** How the browser calls itself. */
  client: text.nullable(),
  /** Whether it is the session of the request. */
  current: z.boolean(),
})
export type OwnSessionView = z.infer<typeof ownSessionSchema>

export const userViewSchema = z.object({
  id: text,
  /** Null for a viewer, who needs no address of another user. */
  email: text.nullable(),
  name: text,
  role: z.enum(ROLES),
  userId: text.nullable(),
  hasPassword: z.boolean(),
  /** For administrators; `seenAt`: when the user was last active, null if signed in nowhere. */
  signIn: z.object({ hasFactor: z.boolean(), seenAt: time.nullable() }).nullable(),
  /** How many contacts are assigned to the user. */
  contacts: count,
  createdAt: time,
})
export type UserView = z.infer<typeof userViewSchema>

/** A User ID that contacts have and that no user has. */
export const unmatchedSchema = z.object({ userId: text, contacts: count })
export type UnmatchedView = z.infer<typeof unmatchedSchema>

export const tokenSchema = z.object({
  id: text,
  name: text,
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  /** The only sources that the token may see; null for all. */
  sources: z.array(text).nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  /** To within five minutes. */
  lastUsedAt: time.nullable(),
})
export type TokenView = z.infer<typeof tokenSchema>
