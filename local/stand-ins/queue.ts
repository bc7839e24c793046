import { WorkerEntrypoint } from 'cloudflare:workers'

/*
 * The Worker that replaces a queue's producer binding. The binding's `props` name the queue. It takes the same calls
 * and hands the messages, as JSON, to the queues outside the runtime.
 */

/** The binding. Its methods have the names of Queues' calls. */
export default class Queue extends WorkerEntrypoint<{ QUEUES: Fetcher }, { queue: string }> {
  send(body: unknown, options?: QueueSendOptions): Promise<void> {
    return this.sendBatch([{ body, ...options }])
  }

  async sendBatch(messages: Iterable<MessageSendRequest>, options?: QueueSendBatchOptions): Promise<void> {
    const sent = [...messages].map((message) => ({ delaySeconds: 0, ...options, ...message }))
    const response = await this.env.QUEUES.fetch('http://queues/', {
      method: 'POST',
      body: JSON.stringify({ queue: this.ctx.props.queue, messages: sent }),
    })
    if (!response.ok) throw new Error(await response.text())
  }
}
