import { app } from './api/app.ts'
import type { Env, Step } from './env.ts'
import { consume, deadLetter } from './run/consume.ts'
import { logFailure } from './run/log.ts'
import { tick } from './schedule/tick.ts'

export { SftpBridge } from './connections/sftp/container.ts'

const DEAD_LETTERS = 'muster-dead-letters'

export default {
  fetch: app.fetch,

  scheduled: (controller, env) => tick(env, controller.scheduledTime),

  async queue(batch, env) {
    for (const message of batch.messages) {
      try {
        await (batch.queue === DEAD_LETTERS ? deadLetter(env, message.body) : consume(env, message.body))
        message.ack()
      } catch (error) {
        logFailure(message.body, error)
        message.retry()
      }
    }
  },
} satisfies ExportedHandler<Env, Step>
