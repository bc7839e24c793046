/** The most rows that are processed in one turn of the event loop. */
export const ROWS_A_TURN = 2_000

/**
 * How many further turns a request gets from long pieces of work. An answer takes several, since it waits for D1, and a
 * turn of an import between any two of them would delay it many times.
 */
const TURNS_A_REQUEST = 25

/** How many requests this isolate is answering, and how many turns they may still get. */
let answering = 0
let turns = 0

/**
 * Yields the thread to other requests of this isolate in the middle of a long piece of work. It waits for a real turn
 * of the event loop. A step that only awaits promises, even promises of D1 and R2, can block every other request until
 * it ends. While requests are being answered it waits for further turns, but only for some after each request, so that
 * requests without end cannot stop the work.
 */
export async function yieldThread(): Promise<void> {
  await scheduler.wait(0)
  while (answering > 0 && turns > 0) {
    turns--
    await scheduler.wait(1)
  }
}

/** Answers a request. Long pieces of work leave it the thread meanwhile. */
export async function whileAnswering<T>(answer: () => T | Promise<T>): Promise<T> {
  answering++
  turns = TURNS_A_REQUEST
  try {
    return await answer()
  } finally {
    // The runtime may drop a request whose client has left, and this is then never reached: hence the bound on the turns.
    answering--
  }
}
