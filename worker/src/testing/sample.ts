import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The sample of cases to test; null if all cases are tested. */
    sample: number | null
  }
}

/*
 * A push tests a sample of the long series of cases, a different one each day; `npm run test:all` tests all of them.
 * Vitest prints the number of the sample, and MUSTER_SAMPLE=NUMBER tests the same cases again.
 */

const sample = inject('sample')

/** A sample has one of this many cases, so that a week has all of them. */
const ONE_IN = 7

/** Returns how many random cases to try for a property: `all` of them, or a sample's share. */
export function cases(all: number): number {
  return sample === null ? all : Math.ceil(all / ONE_IN)
}

/** Yields the whole numbers from 1 without end: all of them, or only those of the sample. */
export function* points(): Generator<number, never> {
  const [first, step] = sample === null ? [0, 1] : [sample % ONE_IN, ONE_IN]
  for (let point = 1 + first; ; point += step) yield point
}

/** Returns whether it is the turn of one of the tests that take longest, from 0 to 6: each has its day of the week. */
export function isTurnOf(turn: number): boolean {
  return sample === null || sample % ONE_IN === turn
}

/** Returns all of a list, or only the part in the sample, which has at least one entry. */
export function someOf<T>(all: readonly T[]): readonly T[] {
  const step = Math.min(ONE_IN, all.length)
  return sample === null ? all : all.filter((_, at) => at % step === sample % step)
}
