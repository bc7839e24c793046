import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { LOOPBACK } from './ports.ts'

type Options = Parameters<typeof convertV4MiniflareOptions>[0]

/** Starts a separate runtime on loopback and returns when it listens. Only the caller stops it. */
export async function startMiniflare(options: Options): Promise<Miniflare> {
  const before = signalListeners()
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: LOOPBACK,
      // Otherwise a start reports itself to the vendor and requests the user's location, which fails offline.
      telemetry: { enabled: false },
      cf: false,
      logRequests: false,
      ...options,
    }),
  )
  await miniflare.ready
  // Without this, Miniflare ends the process on a signal before anything else can be stopped.
  for (const [signal, listener] of signalListeners()) {
    if (!before.some(([, known]) => known === listener)) process.off(signal, listener)
  }
  return miniflare
}

function signalListeners(): [NodeJS.Signals, NodeJS.SignalsListener][] {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  return signals.flatMap((signal) =>
    process.listeners(signal).map((listener): [NodeJS.Signals, NodeJS.SignalsListener] => [signal, listener]),
  )
}
