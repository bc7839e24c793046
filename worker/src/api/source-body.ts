import * as z from 'zod'
import { isUploaded } from '../connections/facts.ts'
import { mappingRefusal } from '../connections/mapping.ts'
import { connectionSchema } from '../connections/schema.ts'
import { hidesQuery } from '../connections/shown-address.ts'
import { nameSchema } from '../core/name.ts'
import { sourceSettingsSchema } from '../core/source.ts'
import { SAMPLE_ID } from '../store/samples.ts'

/** The body of a source: its settings, name and connection, each checked alone. */
export const sourceBody = sourceSettingsSchema.extend({
  name: nameSchema(200),
  connection: connectionSchema,
})

function checkSource({ connection, mapping, schedule }: z.output<typeof sourceBody>, context: z.RefinementCtx): void {
  if ('url' in connection && hidesQuery(connection.url)) {
    const message = 'The part of this address after “?” is not shown. Enter the whole address again.'
    context.addIssue({ code: 'custom', path: ['connection', 'url'], message })
  }
  if (schedule !== null && isUploaded(connection)) {
    const message = 'The file of this source is uploaded, not fetched. Leave the schedule out, or set it to null.'
    context.addIssue({ code: 'custom', path: ['schedule'], message })
  }
  const message = mapping === null ? null : mappingRefusal(connection, mapping)
  if (message !== null) context.addIssue({ code: 'custom', path: ['mapping'], message })
}

/** A whole source: also what its settings must have in common. */
export const sourceSchema = sourceBody.superRefine(checkSource)

/** The body of a test of a connection. */
export const testBody = sourceBody.extend({
  sample: z
    .string()
    .regex(SAMPLE_ID, 'Not the ID of a sample')
    .optional()
    .describe('The `sample` of a test in the last hour: its bytes are read again, and the connection is not used'),
})

/** The settings to test: also what they must have in common. */
export const testSettingsSchema = testBody.superRefine(checkSource)
