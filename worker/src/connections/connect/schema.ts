import * as z from 'zod'
import { httpUrl, secret, text } from '../members.ts'

/**
 * Contacts of a customer's Connect, chosen by its filters (seed: Connect integration). An attribute or operation that
 * is null is found without a setting.
 */
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
  /** The service's `SearchCriteriaXml` for contacts changed since a date, with `{since}` in place of the date. */
  searchCriteria: text.nullable().default(null),
})
export type ConnectSettings = z.infer<typeof connectSchema>
