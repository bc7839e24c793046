import { randomUUID } from 'node:crypto'

/** The consumer of a queue, as wrangler.toml configures it. */
export interface Consumer {
  /** How often a message is delivered again before the queue gives it up. */
  maxRetries: number
  /** Seconds before a message is delivered again, if the consumer names no delay. */
  retryDelay: number
  /** How many messages are delivered at once. In production a quiet queue delivers one, a busy one up to 250. */
  atOnce: number
}

export interface Message {
  id: string
  timestamp: Date
  attempts: number
  body: unknown
}

/** The outcome of a delivery: `done`, or deliver again after this many seconds; null means the queue's own delay. */
export type Outcome = 'done' | { again: number | null }

/** A queue in memory. After a stop, the sweeper sends the messages again that were not delivered. */
export interface LocalQueue {
  /** Takes a message, to be delivered after `delay` seconds. */
  send(body: unknown, delay: number): void
  stop(): Promise<void>
}

/**
 * Delivers messages, one in each batch and several batches at once. The runtime's own queue waits until a batch is
 * finished, so one silent server would stop every other import. `deliver` must not throw. `giveUp` receives the
 * messages that failed too often.
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
    while (!stopped && underWay < consumer.atOnce) {
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
