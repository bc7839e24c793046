const TRIES = 5
/** The shortest time that means anything, in microseconds. */
const LEAST = 500

/**
 * Returns how many times more CPU time `work` takes for eight times the size: about 8 if the time is linear in the
 * size, about 64 if it is quadratic. It measures CPU time, because other measures of time grow on a busy machine.
 */
export async function growth(size: number, work: (size: number) => unknown): Promise<number> {
  const least = async (size: number) => {
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < TRIES; i++) {
      const before = process.threadCpuUsage()
      await work(size)
      const { user, system } = process.threadCpuUsage(before)
      least = Math.min(least, user + system)
    }
    return Math.max(least, LEAST)
  }
  // The first calls are slower than all later ones.
  await least(size)
  return (await least(8 * size)) / (await least(size))
}
