import type { Env, Step } from '../../worker/src/env.ts'
import type { Platform } from './platform.ts'

/** Returns the bindings through which every call of the Worker is under the control of the platform. */
export function callsOf(
  platform: Platform,
): Pick<Env, 'DB' | 'FILES' | 'EMAIL' | 'FETCHES' | 'LONG_FETCHES' | 'STEPS' | 'MAILS' | 'CALLS'> {
  const { DB, FILES } = platform.bindings
  const queues = {
    ...{ FETCHES: queue(platform, 'muster-fetches'), LONG_FETCHES: queue(platform, 'muster-long-fetches') },
    STEPS: queue(platform, 'muster-steps'),
    ...{ MAILS: queue(platform, 'muster-mails'), CALLS: queue(platform, 'muster-calls') },
  }
  return { DB: database(platform, DB), FILES: files(platform, FILES), EMAIL: mail(platform), ...queues }
}

function database(platform: Platform, db: D1Database): D1Database {
  const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>()
  const statement = (real: D1PreparedStatement): D1PreparedStatement => {
    const asked = (name: 'all' | 'run' | 'raw' | 'first') => () =>
      platform.call(`D1 ${name}`, async () => (real[name] as () => Promise<unknown>).call(real))
    const wrapped = {
      bind: (...values: unknown[]) => statement(real.bind(...values)),
      ...{ all: asked('all'), run: asked('run'), raw: asked('raw'), first: asked('first') },
    } as unknown as D1PreparedStatement
    inner.set(wrapped, real)
    return wrapped
  }
  const wrapped: Pick<D1Database, 'prepare' | 'batch'> = {
    prepare: (sql) => statement(db.prepare(sql)),
    batch: <T>(statements: D1PreparedStatement[]) =>
      platform.call('D1 batch', () => db.batch<T>(statements.map((one) => inner.get(one) ?? one))),
  }
  return wrapped as D1Database
}

function files(platform: Platform, bucket: R2Bucket): R2Bucket {
  const methods = ['get', 'put', 'head', 'list', 'delete'] as const
  const wrapped = Object.fromEntries(
    methods.map((name) => [
      name,
      (...given: unknown[]) =>
        platform.call(`R2 ${name}`, async () => (bucket[name] as (...given: unknown[]) => Promise<unknown>)(...given)),
    ]),
  )
  return wrapped as unknown as R2Bucket
}

function queue(platform: Platform, name: string): Queue<Step> {
  const metrics = { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) }
  const wrapped: Pick<Queue<Step>, 'send'> = {
    send: (step, options) =>
      platform.call('queue send', async () => {
        platform.enqueue(name, step, options?.delaySeconds ?? 0)
        return { metadata: { metrics } }
      }),
  }
  return wrapped as Queue<Step>
}

function mail(platform: Platform): SendEmail {
  const wrapped: Pick<SendEmail, 'send'> = {
    send(message: EmailMessage | EmailMessageBuilder) {
      const by = platform.invocation
      const { to } = message as EmailMessageBuilder
      const arrives = async () => {
        const one = { by, notification: by?.notification ?? '', to: [to].flat().map(String), doubtful: false }
        platform.sent.push(one)
        return { messageId: String(platform.sent.length), one }
      }
      return platform.call('mail send', arrives, ({ one }) => {
        one.doubtful = true
      })
    },
  }
  return wrapped as SendEmail
}
