import * as z from 'zod'
import { httpUrl, secret, text } from '../members.ts'

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
