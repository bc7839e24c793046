import * as z from 'zod'
import { RUN_STATUSES } from '../../store/runs.ts'
import { count, text, time } from './answer.ts'
import { changeCounts, countsSchema, reachSchema } from './run.ts'
import { healthSchema, KINDS } from './source.ts'

/* What needs a person, and the state of everything at a glance. */

/** What needs a person. `sourceId` and `runId` are null if it is not about one of them, and `since` if that is not known. */
const neededSchema = z.object({
  kind: z.enum(['held', 'failing', 'late', 'unsent', 'conflict', 'setUp']),
  sourceId: text.nullable(),
  runId: text.nullable(),
  since: time.nullable(),
  message: text,
})
export type NeededView = z.infer<typeof neededSchema>

const groupOverviewSchema = z.object({
  id: text,
  name: text,
  contacts: count,
  reach: reachSchema,
})

export const overviewSchema = z.object({
  /** What needs a person, the most urgent first. */
  items: z.array(neededSchema),
  /** The sources, in the order they were made, at most 500. */
  sources: z.array(
    z.object({
      id: text,
      name: text,
      kind: z.enum(KINDS),
      enabled: z.boolean(),
      health: healthSchema,
      held: z.object({ runId: text, waiting: changeCounts }).nullable(),
      nextRun: time.nullable(),
      /** The contacts that met the criteria in the last import that read the whole file; null before there is one. */
      contacts: count.nullable(),
      /** The last runs, previews included, oldest first. */
      runs: z
        .array(
          z.object({
            id: text,
            mode: z.enum(['apply', 'preview']),
            status: z.enum(RUN_STATUSES),
            createdAt: time,
            finishedAt: time.nullable(),
            counts: countsSchema,
          }),
        )
        .max(30),
    }),
  ),
  /**
   * The groups with the most contacts, at most 50; none for a token that may not read the directory. In a directory of more
   * than 20,000 contacts they are counted anew at most every five minutes.
   */
  groups: z.array(groupOverviewSchema),
  /** When the groups were counted; null if none were. */
  countedAt: time.nullable(),
})
export type OverviewView = z.infer<typeof overviewSchema>
