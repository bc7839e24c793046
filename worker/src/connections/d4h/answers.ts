import * as z from 'zod'

/**
 * The parts of D4H's API answers (version 3) that Muster reads. The answers hold much more, which passes unread. Any
 * value but an ID may be missing or null, even if D4H's description shows it.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null)

const phone = z
  .object({ phone: text })
  .nullish()
  .transform((value) => value?.phone ?? null)

/** A time as D4H writes it, in milliseconds since 1970; null if the text is not a time. */
const time = text.transform((value) => {
  const at = Date.parse(value ?? '')
  return Number.isNaN(at) ? null : at
})

const reference = z.object({ id: z.number() })

/** An organisation unit in which an account is a member or an officer; only some units are teams. */
const place = z.object({
  owner: z.object({ id: z.number(), resourceType: z.string(), title: text }),
  hasAccess: z.boolean().default(true),
})

/** `GET /v3/whoami`: the units that the token gives access to. */
export const whoAmISchema = z.object({ members: z.array(place).default([]), officers: z.array(place).default([]) })
export type WhoAmI = z.infer<typeof whoAmISchema>

/** A member of a team. */
export const memberSchema = z.object({
  id: z.number(),
  name: text,
  ref: text,
  position: text,
  status: text,
  email: z
    .object({ value: text })
    .nullish()
    .transform((value) => value?.value ?? null),
  mobile: phone,
  home: phone,
  work: phone,
  pager: z
    .object({ phone: text, email: text })
    .nullish()
    .transform((value) => value ?? { phone: null, email: null }),
  updatedAt: time,
  customFieldValues: z
    .array(z.object({ customField: reference, value: z.unknown() }))
    .nullish()
    .transform((values) => values ?? []),
})
export type Member = z.infer<typeof memberSchema>

/** A group of members. */
export const groupSchema = z.object({ id: z.number(), title: text, updatedAt: time })

/** The fact that a member is in a group. */
export const membershipSchema = z.object({ id: z.number(), group: reference, member: reference, updatedAt: time })

/** A custom field. Its options name the choices; a value is the ID of an option. */
export const customFieldSchema = z.object({
  id: z.number(),
  title: text,
  type: text,
  archivedAt: text,
  updatedAt: time,
  options: z
    .array(z.object({ id: z.number(), label: text, updatedAt: time }))
    .nullish()
    .transform((options) => options ?? []),
})
export type CustomField = z.infer<typeof customFieldSchema>

/** Returns the schema of one page of a list. D4H gives -1 as the total if it has not counted. */
export function pageSchema<T>(item: z.ZodType<T>) {
  return z.object({ results: z.array(item), totalSize: z.number().int().default(-1) })
}
