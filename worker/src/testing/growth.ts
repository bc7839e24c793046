const TRIES = 4
/** The shortest time that means anything, in microseconds. */
const LEAST = 500

/** How often a growth that is not plainly linear is measured again: the garbage of other tests may have been collected. */
const AGAIN = 3
const PLAINLY_LINEAR = 16

/**
 * Returns how many times more CPU time `work` takes for eight times the size: about 8 if the time is linear in the
 * size, about 64 if it is quadratic.
 */
export async function growth(size: number, work: (size: number) => unknown): Promise<number> {
  // The first calls are slower than all later ones.
  await work(size)
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < AGAIN && least > PLAINLY_LINEAR; i++) {
    least = Math.min(least, (await cpuTime(() => work(8 * size))) / (await cpuTime(() => work(size))))
  }
  return least
}

/**
 * Returns the least CPU time that the work took in a few tries, in microseconds. It measures CPU time, because other
 * measures of time grow on a busy machine.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < TRIES; i++) {
    const before = process.threadCpuUsage()
    await work()
    const { user, system } = process.threadCpuUsage(before)
    least = Math.min(least, user + system)
  }
  return Math.max(least, LEAST)
}
