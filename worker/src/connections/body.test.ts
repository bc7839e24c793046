import { describe, expect, it, vi } from 'vitest'
import { type BodyBounds, boundedBody, peek } from './body.ts'
import { failureOf } from './contract.ts'

const BOUNDS: Omit<BodyBounds, 'signal'> = { from: 'host', maxBytes: 100, idleMs: 1000, expectedBytes: null }

function bounded(stream: ReadableStream<Uint8Array>, bounds: Partial<BodyBounds> = {}): ReadableStream<Uint8Array> {
  return boundedBody(stream, { ...BOUNDS, signal: new AbortController().signal, ...bounds })
}

/** A stream of `chunks` of ten bytes, and what is done to it. */
function source(chunks: number) {
  const pull = vi.fn((controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (pull.mock.calls.length > chunks) controller.close()
    else controller.enqueue(new Uint8Array(10))
  })
  const cancel = vi.fn()
  return { pull, cancel, stream: new ReadableStream({ pull, cancel }, { highWaterMark: 0 }) }
}

describe('a bounded body', () => {
  it('reads nothing ahead of its reader', async () => {
    const { stream, pull } = source(3)
    await bounded(stream).getReader().read()
    expect(pull).toHaveBeenCalledTimes(1)
  })

  it('lets the remote side go when its reader stops', async () => {
    const { stream, cancel } = source(3)
    await bounded(stream).cancel('enough')
    expect(cancel).toHaveBeenCalledWith('enough')
  })

  it('reads nothing where more than is allowed is announced', async () => {
    const { stream, pull, cancel } = source(3)
    const failure = await failureOf(() => bounded(stream, { expectedBytes: 101 }).getReader().read())
    expect(failure.code).toBe('too_large')
    expect(pull).not.toHaveBeenCalled()
    expect(cancel).toHaveBeenCalled()
  })

  it('stops reading and lets go once there is more than is allowed', async () => {
    const { stream, pull, cancel } = source(50)
    expect((await failureOf(() => new Response(bounded(stream)).arrayBuffer())).code).toBe('too_large')
    expect(pull).toHaveBeenCalledTimes(11)
    expect(cancel).toHaveBeenCalled()
  })

  it('is truncated where less than was announced arrives, though the stream ends well', async () => {
    expect((await failureOf(() => new Response(bounded(source(3).stream, { expectedBytes: 31 })).bytes())).code).toBe(
      'truncated',
    )
    expect(await new Response(bounded(source(3).stream, { expectedBytes: 30 })).bytes()).toHaveLength(30)
  })

  it('does not count the time its reader takes as a stall', async () => {
    const reader = bounded(source(3).stream, { idleMs: 20 }).getReader()
    await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect((await reader.read()).done).toBe(false)
  })
})

describe('a peek', () => {
  it('shows the first bytes and keeps them', async () => {
    const { start, stream } = await peek(source(2).stream)
    expect(start).toHaveLength(10)
    expect(await new Response(stream).bytes()).toHaveLength(20)
  })

  it('of an empty stream shows nothing', async () => {
    const { start, stream } = await peek(source(0).stream)
    expect(start).toHaveLength(0)
    expect(await new Response(stream).bytes()).toHaveLength(0)
  })
})
