/** The most rows that are processed in one turn of the event loop. */
export const ROWS_A_TURN = 2_000

/**
 * Yields the thread to other requests of this isolate in the middle of a long piece of work. It waits for a real turn
 * of the event loop. A step that only awaits promises, even promises of D1 and R2, can block every other request until
 * it ends.
 */
export async function yieldThread(): Promise<void> {
  await scheduler.wait(0)
}
