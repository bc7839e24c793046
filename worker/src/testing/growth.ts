const TRIES = 5
/** Shorter times say nothing, in microseconds. */
const LEAST = 500

/**
 * Returns how many times as much CPU time `work` takes for eight times the size: about 8 where its time follows the
 * size, about 64 where it follows the square. CPU time, because a busy machine stretches every other kind.
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
