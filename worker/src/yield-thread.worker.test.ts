import { afterEach, expect, it, vi } from 'vitest'
import { whileAnswering, yieldThread } from './yield-thread.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Counts the turns of the event loop that long work gives away. `each` is called in every turn. */
function countTurns(each: (turn: number) => void = () => undefined): { count: number } {
  const turns = { count: 0 }
  const wait = scheduler.wait.bind(scheduler)
  vi.spyOn(scheduler, 'wait').mockImplementation((...given) => {
    each(++turns.count)
    return wait(...given)
  })
  return turns
}

it('a long piece of work gives one turn away if no request is being answered', async () => {
  await whileAnswering(() => 'answered')
  const turns = countTurns()
  await yieldThread()
  expect(turns.count).toBe(1)
})

it('a long piece of work leaves the thread to a request until it is answered', async () => {
  const answer = Promise.withResolvers<void>()
  const turns = countTurns((turn) => {
    if (turn === 4) answer.resolve()
  })
  const answered = whileAnswering(() => answer.promise)
  await yieldThread()
  await answered
  expect(turns.count).toBeGreaterThanOrEqual(4)
  expect(turns.count).toBeLessThan(10)
})

it('a request that is never answered stops long work only for some turns, and does so once', async () => {
  const turns = countTurns()
  const never = Promise.withResolvers<void>()
  const dropped = whileAnswering(() => never.promise)
  await yieldThread()
  const most = turns.count
  expect(most).toBeGreaterThan(10)
  expect(most).toBeLessThan(50)
  await yieldThread()
  expect(turns.count).toBe(most + 1)
  never.resolve()
  await dropped
})
