import * as z from 'zod'

/* What the answers of the API are made of. Times are ISO 8601 UTC. */

export const time = z.iso.datetime()

export const text = z.string()

export const count = z.int().min(0)

/** Returns the schema of a page of a list. `next` is the cursor of the next page, null at the end. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: text.nullable() })
}

/** How many items the whole list has; if there may be more, how many were counted. */
export const totalSchema = z.object({ count, more: z.boolean() })

export interface Page<T> {
  items: T[]
  next: string | null
}

/** The ID of the object that was made or started. */
export const startedSchema = z.object({ id: text })
