import type { TestView } from '../../../worker/src/api/views.ts'
import { lookAt } from '../../../worker/src/connections/first-look.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { Failure } from '../../../worker/src/core/failure.ts'
import type { FieldDefinition } from '../../../worker/src/core/field.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { bytesOfFile } from '../check/read.ts'

interface LookedAtBy extends Pick<SourceSettings, 'format' | 'mapping' | 'rows'> {
  connection: ConnectionDraft
  fields: readonly FieldDefinition[]
}

/** Shows a file on the viewer’s own machine as a test of a connection shows a fetched one. The file is not sent anywhere. */
export async function lookAtFile(file: File, by: LookedAtBy): Promise<TestView> {
  const stop = new AbortController()
  try {
    const { sheet, wrong, ...table } = await lookAt(bytesOfFile(file), by, stop.signal)
    const modifiedAt = new Date(file.lastModified).toISOString()
    const about = { name: file.name, bytes: file.size, modifiedAt, ...(sheet !== undefined && { sheet }) }
    return { ok: true, file: about, ...table, ...(wrong !== null && refused(wrong)) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { columns: [], rows: [], ...refused(error) }
  } finally {
    stop.abort()
  }
}

function refused({ code, message, advice }: Failure) {
  return { ok: false, code, detail: message, advice }
}
