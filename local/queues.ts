import type { V4WorkerOptionsShape } from 'miniflare'
import * as z from 'zod'
import { type Message, type Outcome, startQueue } from './queue.ts'

/** The longest message that Queues accepts, in bytes (its documentation, November 2026). */
const MAX_BYTES = 128_000

const sentSchema = z.object({
  queue: z.string(),
  messages: z.array(z.object({ body: z.unknown(), delaySeconds: z.number().min(0).max(86_400) })),
})

/** Returns the bindings of a Worker's producers. Each is the stand-in, with the name of its queue. */
export function producerBindings(producers: V4WorkerOptionsShape['queueProducers'] = {}) {
  return Object.fromEntries(
    Object.entries(producers).map(([binding, producer]) => {
      const queue = typeof producer === 'string' ? producer : producer.queueName
      return [binding, { name: 'queues', props: { queue } }]
    }),
  )
}

interface QueueResult {
  outcome: string
  retryBatch: { retry: boolean; delaySeconds?: number }
  retryMessages: { delaySeconds?: number }[]
}

/** Returns the outcome of a batch of one message from the result of a Worker's queue handler. */
export function outcomeOf(result: QueueResult): Outcome {
  const { outcome, retryBatch, retryMessages } = result
  const [retried] = retryMessages
  if (outcome === 'ok' && !retryBatch.retry && retried === undefined) return 'done'
  return { again: retried?.delaySeconds ?? retryBatch.delaySeconds ?? null }
}

/** All queues of the Worker. */
export interface Queues {
  /** Accepts a message from the stand-in binding. Throws an `Error` if Queues would refuse it. */
  accept(json: unknown): void
  stop(): Promise<void>
}

/**
 * Starts a queue for each consumer, which delivers `atOnce` messages at a time. A message that fails too often goes to the
 * queue's dead-letter queue.
 */
export function startQueues(
  consumers: V4WorkerOptionsShape['queueConsumers'] = {},
  atOnce: number,
  deliver: (queue: string, message: Message) => Promise<Outcome>,
): Queues {
  const queues = new Map(
    Object.entries(consumers).map(([name, { maxRetries = 3, retryDelay = 0, deadLetterQueue }]) => [
      name,
      startQueue(
        { maxRetries, retryDelay, atOnce },
        (message) => deliver(name, message),
        (body) => {
          if (deadLetterQueue !== undefined) queues.get(deadLetterQueue)?.send(body, 0)
        },
      ),
    ]),
  )
  return {
    accept(json) {
      const { queue, messages } = sentSchema.parse(json)
      const found = queues.get(queue)
      if (found === undefined) throw new Error(`No queue is named ${queue}.`)
      for (const { body, delaySeconds } of messages) {
        if (Buffer.byteLength(JSON.stringify(body)) > MAX_BYTES) throw new Error('The message is over 128 KB.')
        found.send(body, delaySeconds)
      }
    },
    async stop() {
      for (const queue of queues.values()) await queue.stop()
    },
  }
}
