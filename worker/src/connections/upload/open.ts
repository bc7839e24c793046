import { Failure } from '../../core/failure.ts'
import { boundedBody } from '../body.ts'
import { type Connection, type ConnectionContext, type Reach, TIMEOUTS } from '../connection.ts'

export const upload: Reach<'upload'> = { open: (_, context) => openUpload(context) }

/** Opens the file that was uploaded for a run. There is no remote side: Muster has the bytes since they were uploaded. */
export function openUpload({ maxBytes, timeouts = TIMEOUTS }: ConnectionContext): Connection {
  return {
    async open({ signal, given }) {
      signal.throwIfAborted()
      if (given === undefined) {
        throw new Failure(
          'not_found',
          'No file has been uploaded to this source, or its last file has been deleted since.',
          'Upload the file on the page of the source, or with PUT /api/sources/{id}/file.',
        )
      }
      const { name, bytes, charset, read } = given
      const bounds = { from: 'The store of uploaded files', maxBytes, idleMs: timeouts.idle, signal }
      return {
        body: boundedBody(read(), { ...bounds, expectedBytes: bytes }),
        name,
        modifiedAt: null,
        validator: null,
        ...(charset !== undefined && { charset }),
      }
    },
  }
}
