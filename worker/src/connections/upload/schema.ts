import * as z from 'zod'

/** A file that is given to Muster: in the pages, or by `PUT /api/sources/{id}/file` (design: Connections, upload). */
export const uploadSchema = z.object({
  kind: z.literal('upload'),
  once: z
    .boolean()
    .default(false)
    .describe('Import once: disables the source when its run has ended; while its plan waits it stays enabled'),
})
