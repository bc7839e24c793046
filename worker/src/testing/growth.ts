const TRIES = 4
/** The shortest time that is measured, in microseconds. Some systems count CPU time in steps of four milliseconds. */
const LEAST = 20_000
/** How often a piece of work is repeated at most to last that long. */
const REPEATS = 5000

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
 * measures of time grow on a busy machine. Short work is repeated until its time can be measured.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < TRIES; i++) {
    const before = process.threadCpuUsage()
    let [spent, runs] = [0, 0]
    while (spent < LEAST && runs < REPEATS) {
      await work()
      runs++
      const { user, system } = process.threadCpuUsage(before)
      spent = user + system
    }
    least = Math.min(least, spent / runs)
  }
  return Math.max(least, 1)
}
