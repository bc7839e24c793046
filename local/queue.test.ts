import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Message, startQueue } from './queue.ts'

const consumer = { maxRetries: 2, retryDelay: 10, atOnce: 10 }
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('The local queue', () => {
  it('the local queue delivers a message once it is sent, and again with a delay until it is done', async () => {
    const seen: Message[] = []
    const queue = startQueue(
      consumer,
      async (message) => {
        seen.push(message)
        return message.attempts < 2 ? { again: null } : 'done'
      },
      () => expect.unreachable(),
    )
    queue.send({ run: 'a' }, 0)
    await vi.advanceTimersByTimeAsync(9_000)
    expect(seen.map(({ attempts, body }) => [attempts, body])).toEqual([[1, { run: 'a' }]])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen.map(({ attempts }) => attempts)).toEqual([1, 2])
    expect(seen[1]?.id).toBe(seen[0]?.id)
  })

  it('the local queue gives up a message after its last retry', async () => {
    const deliver = vi.fn(async () => ({ again: 1 }))
    const givenUp = vi.fn()
    startQueue(consumer, deliver, givenUp).send('step', 0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(deliver).toHaveBeenCalledTimes(3)
    expect(givenUp.mock.calls).toEqual([['step']])
  })

  it('a slow message in the local queue does not hold up the others', async () => {
    const done: unknown[] = []
    const queue = startQueue(
      consumer,
      async ({ body }) => {
        if (body === 'silent') await new Promise(() => {})
        done.push(body)
        return 'done'
      },
      () => expect.unreachable(),
    )
    for (const body of ['silent', 'one', 'two']) queue.send(body, 0)
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toEqual(['one', 'two'])
  })

  it('a local queue with one consumer delivers a message once the one before is done, as a quiet queue does', async () => {
    const begun: unknown[] = []
    let done = () => {}
    const deliver = ({ body }: Message) => {
      begun.push(body)
      return new Promise<'done'>((resolve) => {
        done = () => resolve('done')
      })
    }
    const queue = startQueue({ ...consumer, atOnce: 1 }, deliver, () => expect.unreachable())
    for (const body of ['slow', 'next']) queue.send(body, 0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(begun).toEqual(['slow'])
    done()
    await vi.advanceTimersByTimeAsync(1)
    expect(begun).toEqual(['slow', 'next'])
  })

  it('the local queue holds a message back for its delay, and delivers none once stopped', async () => {
    const deliver = vi.fn(async () => 'done' as const)
    const queue = startQueue(consumer, deliver, () => expect.unreachable())
    queue.send('later', 5)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(deliver).not.toHaveBeenCalled()
    await queue.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(deliver).not.toHaveBeenCalled()
  })
})
