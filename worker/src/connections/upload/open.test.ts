import { expect, it } from 'vitest'
import {
  CONTEXT,
  connectionContract,
  failureOf,
  open,
  type Scene,
  type Stage,
} from '../../testing/connections/contract.ts'
import { openUpload } from './open.ts'

/** Returns a stage on which the file is in Muster's own store; `truncated` is a store that has lost a part of it. */
async function makeStage(): Promise<Stage> {
  let scene: Scene = { is: 'missing' }
  return {
    set: (next) => {
      scene = next
    },
    connect: (_, context) => {
      const connection = openUpload(context)
      return { open: (request) => connection.open({ ...request, ...given(scene) }) }
    },
    nowhere: openUpload,
    secrets: [],
    conditional: false,
    close: async () => undefined,
  }
}

function given(scene: Scene) {
  if (!('bytes' in scene)) return {}
  const { bytes, is } = scene
  const read = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        const sent = is === 'file' ? bytes : bytes.slice(0, bytes.length / 2)
        if (sent.length > 0) controller.enqueue(sent)
        if (is !== 'stalled') controller.close()
      },
    })
  return { given: { name: 'contacts.csv', bytes: bytes.length, read } }
}

connectionContract('upload', makeStage, 'nothing')

it('a source without an uploaded file says so, and how to upload one', async () => {
  const failure = await failureOf(() => open(openUpload(CONTEXT)))
  expect(failure).toMatchObject({ code: 'not_found', retryable: false })
  expect(failure.advice).toContain('PUT /api/sources/{id}/file')
})
