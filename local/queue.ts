import { randomUUID } from 'node:crypto'

/** How many messages Queues may have under way at once; as in production, a slow source must not hold up the others. */
const AT_ONCE = 10

/** What wrangler.toml says of a queue's consumer. */
export interface Consumer {
  /** How often a message is delivered again before it is given up. */
  maxRetries: number
  /** Seconds before it is delivered again, where the consumer names none. */
  retryDelay: number
}

export interface Message {
  id: string
  timestamp: Date
  attempts: number
  body: unknown
}

/** What came of a delivery: `done`, or again after that many seconds, or after the queue's own delay. */
export type Outcome = 'done' | { again: number | null }

/** A queue in memory; what it still holds at a stop is sent again by the sweeper. */
export interface LocalQueue {
  /** Takes a message, to be delivered after `delay` seconds. */
  send(body: unknown, delay: number): void
  stop(): Promise<void>
}

/**
 * Delivers what it is sent, one message a batch and several at once. The runtime's own queue waits for each batch to be
 * finished, so that there one silent server would stop every other import. `deliver` must not throw; `giveUp` takes
 * what was delivered in vain too often.
 */
export function startQueue(
  consumer: Consumer,
  deliver: (message: Message) => Promise<Outcome>,
  giveUp: (body: unknown) => void,
): LocalQueue {
  const waiting: Message[] = []
  const timers = new Set<NodeJS.Timeout>()
  let underWay = 0
  let stopped = false

  const enqueue = (message: Message, delay: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      waiting.push(message)
      next()
    }, delay * 1000)
    timers.add(timer)
  }
  const next = () => {
    while (!stopped && underWay < AT_ONCE) {
      const message = waiting.shift()
      if (message === undefined) return
      underWay++
      void deliver(message).then((outcome) => {
        underWay--
        if (outcome !== 'done') {
          if (message.attempts > consumer.maxRetries) giveUp(message.body)
          else enqueue({ ...message, attempts: message.attempts + 1 }, outcome.again ?? consumer.retryDelay)
        }
        next()
      })
    }
  }
  return {
    send: (body, delay) => enqueue({ id: randomUUID(), timestamp: new Date(), attempts: 1, body }, delay),
    async stop() {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
