import * as z from 'zod'

/** Bounds on the time one request may take, in milliseconds. */
export interface Timeouts {
  /** Look-up and TCP connection. */
  connect: number
  /** From the TCP connection to the first bytes of the file: host key, sign-in, finding and opening the file. */
  firstByte: number
  /** Between two pieces of the file, on either side. */
  idle: number
  /** The whole request. */
  total: number
}

export interface Config {
  /** The secret that is shared with the Worker, and another one while it changes. */
  secrets: readonly string[]
  host: string
  port: number
  /** Whether servers on this machine may be reached; true only on a developer's machine. */
  allowLoopback: boolean
  timeouts: Timeouts
  /** The time between two looks at a file, in milliseconds. Both must agree before the file is read. */
  stableMs: number
  maxSessions: number
  /** How long streams under way may take to finish once the bridge is told to stop, in milliseconds. */
  graceMs: number
}

type TimeoutWishes = { [which in keyof Timeouts]?: number | undefined }

const number = (value: number, min = 1) => z.coerce.number().int().min(min).default(value)

const environmentSchema = z.object({
  BRIDGE_SECRET: z.string().min(32, 'at least 32 characters, the same as the Worker has'),
  BRIDGE_SECRET_OTHER: z.union([z.literal(''), z.string().min(32, 'at least 32 characters, or left out')]).default(''),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: number(8080, 0).pipe(z.number().max(65535)),
  BRIDGE_ALLOW_LOOPBACK: z.enum(['0', '1']).default('0'),
  BRIDGE_CONNECT_MS: number(10_000),
  BRIDGE_FIRST_BYTE_MS: number(30_000),
  // A little longer than the Worker's own minute, so that the Worker names the failure.
  BRIDGE_IDLE_MS: number(65_000),
  // Less than the 13 minutes of the Worker's fetch, so that the bridge names the failure and closes its session.
  BRIDGE_TOTAL_MS: number(12 * 60_000),
  BRIDGE_STABLE_MS: number(2000, 0),
  BRIDGE_MAX_SESSIONS: number(20),
  // Most process managers kill what has not ended after 10 s. The image sets more.
  BRIDGE_GRACE_MS: number(9000),
})

/**
 * Reads the bridge's settings from environment variables; README.md lists them. Throws `Error` that names each missing
 * or wrong variable, without its value.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const env = parsed.data
  return {
    secrets: [env.BRIDGE_SECRET, env.BRIDGE_SECRET_OTHER].filter((secret) => secret !== ''),
    host: env.HOST,
    port: env.PORT,
    allowLoopback: env.BRIDGE_ALLOW_LOOPBACK === '1',
    timeouts: {
      connect: env.BRIDGE_CONNECT_MS,
      firstByte: env.BRIDGE_FIRST_BYTE_MS,
      idle: env.BRIDGE_IDLE_MS,
      total: env.BRIDGE_TOTAL_MS,
    },
    stableMs: env.BRIDGE_STABLE_MS,
    maxSessions: env.BRIDGE_MAX_SESSIONS,
    graceMs: env.BRIDGE_GRACE_MS,
  }
}

/** Returns a bound for one request, in milliseconds: the bridge's own, or the request's if that is shorter. */
export function bound(
  which: keyof Timeouts,
  request: { timeouts?: TimeoutWishes | undefined },
  config: Config,
): number {
  return Math.min(request.timeouts?.[which] ?? Number.POSITIVE_INFINITY, config.timeouts[which])
}
