import * as z from 'zod'
import { httpUrl, secret } from '../members.ts'
import { STATUSES } from './statuses.ts'

/** The members of a team in D4H Team Manager. `url` is the address of the API in the team's region. */
export const d4hSchema = z.object({
  kind: z.literal('d4h'),
  url: httpUrl,
  token: secret,
  /** Null until a team has been chosen. */
  teamId: z.number().int().min(1).max(2_147_483_647).nullable().default(null),
  /** The statuses of the members to import. D4H requires further permissions for some of them. */
  statuses: z.array(z.enum(STATUSES)).min(1).max(STATUSES.length).default(['OPERATIONAL']),
  /** False if the team does not use D4H's module for groups. */
  groups: z.boolean().default(true),
})
export type D4hSettings = z.infer<typeof d4hSchema>
