/**
 * Fires the tick at once, since a stop may have left work unfinished, and then at every whole interval of the clock, as
 * Cron Triggers do. If a tick takes longer than the interval, the next one waits for it.
 */
export function startCron(tick: () => Promise<void>, interval: number): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let stopped = false
  const fire = () => {
    running = tick().then(() => {
      if (!stopped) timer = setTimeout(fire, interval - (Date.now() % interval))
    })
  }
  fire()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
