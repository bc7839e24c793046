import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { failureOf } from '../testing/connections/contract.ts'
import { type BodyBounds, boundedBody, peek } from './body.ts'

const BOUNDS: Omit<BodyBounds, 'signal'> = { from: 'host', maxBytes: 100, idleMs: 1000, expectedBytes: null }

function bounded(stream: ReadableStream<Uint8Array>, bounds: Partial<BodyBounds> = {}): ReadableStream<Uint8Array> {
  return boundedBody(stream, { ...BOUNDS, signal: new AbortController().signal, ...bounds })
}

/** Returns a stream of `chunks` chunks of ten bytes, and spies that record how it is used. */
function source(chunks: number) {
  const pull = vi.fn((controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (pull.mock.calls.length > chunks) controller.close()
    else controller.enqueue(new Uint8Array(10))
  })
  const cancel = vi.fn()
  return { pull, cancel, stream: new ReadableStream({ pull, cancel }, { highWaterMark: 0 }) }
}

describe('a bounded body', () => {
  it('a bounded body reads nothing ahead of its reader', async () => {
    const { stream, pull } = source(3)
    await bounded(stream).getReader().read()
    expect(pull).toHaveBeenCalledTimes(1)
  })

  it('a bounded body cancels the remote stream when its reader stops', async () => {
    const { stream, cancel } = source(3)
    await bounded(stream).cancel('enough')
    expect(cancel).toHaveBeenCalledWith('enough')
  })

  it('a bounded body reads nothing if the announced length is over the limit', async () => {
    const { stream, pull, cancel } = source(3)
    const failure = await failureOf(() => bounded(stream, { expectedBytes: 101 }).getReader().read())
    expect(failure.code).toBe('too_large')
    expect(pull).not.toHaveBeenCalled()
    expect(cancel).toHaveBeenCalled()
  })

  it('a bounded body stops reading once the limit is exceeded', async () => {
    const { stream, pull, cancel } = source(50)
    expect((await failureOf(() => new Response(bounded(stream)).arrayBuffer())).code).toBe('too_large')
    expect(pull).toHaveBeenCalledTimes(11)
    expect(cancel).toHaveBeenCalled()
  })

  it('a body shorter than announced is truncated, even if its stream ends without an error', async () => {
    expect((await failureOf(() => new Response(bounded(source(3).stream, { expectedBytes: 31 })).bytes())).code).toBe(
      'truncated',
    )
    expect(await new Response(bounded(source(3).stream, { expectedBytes: 30 })).bytes()).toHaveLength(30)
  })

  it('the time that a reader takes does not count as a stall', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const reader = bounded(source(3).stream).getReader()
    await reader.read()
    await vi.advanceTimersByTimeAsync(2 * BOUNDS.idleMs)
    expect((await reader.read()).done).toBe(false)
  })
})

describe('a peek', () => {
  it('a peek shows the first bytes and keeps them in the stream', async () => {
    const { start, stream } = await peek(source(2).stream)
    expect(start).toHaveLength(10)
    expect(await new Response(stream).bytes()).toHaveLength(20)
  })

  it('a peek at an empty stream shows nothing', async () => {
    const { start, stream } = await peek(source(0).stream)
    expect(start).toHaveLength(0)
    expect(await new Response(stream).bytes()).toHaveLength(0)
  })
})
