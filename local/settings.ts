import { resolve } from 'node:path'
import type { MailLimits } from './mail.ts'

/** The settings of a local Muster, from the environment. */
export interface Settings {
  port: number
  /** Absolute path of the folder for all local state. */
  state: string
  demo: boolean
  adminEmail: string
  /** The administrator's password; null if none was given, so that one has to be made. */
  adminPassword: string | null
  /** Absolute path of the folder where e-mails are written. */
  emailDir: string
  /** What the mailer refuses, to see what Muster does then. */
  mail: MailLimits
  /** The time from one tick to the next, in milliseconds. */
  tickEvery: number
  /** How many messages each queue delivers at once. A quiet queue of Cloudflare delivers one. */
  queueConsumers: number
  /** The port of the runtime's inspector, for a profiler; null for no inspector. */
  inspectorPort: number | null
}

/** Reads the variables described in the README. Throws an `Error` with one plain sentence for an invalid value. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = wholeNumber('PORT', env.PORT, 8787)
  if (port < 1 || port > 65535) throw new Error(`PORT is ${port}; a port is between 1 and 65535.`)
  const inspectorPort = wholeNumber('MUSTER_INSPECTOR_PORT', env.MUSTER_INSPECTOR_PORT, 0)
  const seconds = wholeNumber('MUSTER_TICK_SECONDS', env.MUSTER_TICK_SECONDS, 60)
  if (seconds < 1 || seconds > 3600) throw new Error('MUSTER_TICK_SECONDS must be between 1 and 3600.')
  const queueConsumers = wholeNumber('MUSTER_QUEUE_CONSUMERS', env.MUSTER_QUEUE_CONSUMERS, 10)
  if (queueConsumers < 1) throw new Error('MUSTER_QUEUE_CONSUMERS must be at least 1.')
  const state = resolve(env.MUSTER_STATE || '.muster')
  return {
    port,
    state,
    demo: env.MUSTER_DEMO !== '0',
    adminEmail: env.MUSTER_ADMIN_EMAIL || 'admin@example.org',
    adminPassword: env.MUSTER_ADMIN_PASSWORD || null,
    emailDir: resolve(env.MUSTER_EMAIL_DIR || `${state}/email`),
    mail: {
      suppressed: (env.MUSTER_MAIL_SUPPRESSED ?? '').split(/[\s,]+/).filter((address) => address !== ''),
      perDay: env.MUSTER_MAIL_PER_DAY ? wholeNumber('MUSTER_MAIL_PER_DAY', env.MUSTER_MAIL_PER_DAY, 0) : null,
    },
    queueConsumers,
    tickEvery: seconds * 1000,
    inspectorPort: inspectorPort === 0 ? null : inspectorPort,
  }
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback
  if (!/^\d{1,6}$/.test(text)) throw new Error(`${name} is ${JSON.stringify(text)}; it must be a whole number.`)
  return Number(text)
}
