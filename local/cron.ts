/**
 * Fires the tick at once, since a stop may have left work behind, and then at every whole interval of the clock, as
 * Cron Triggers do. A tick that takes longer than the interval is waited for, not doubled.
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
