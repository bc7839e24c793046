/** The most rows that are worked on between two turns of the event loop. */
export const ROWS_A_TURN = 2_000

/**
 * Lets the other requests of this isolate have the thread before a long piece of work goes on. A real turn of the event
 * loop: promises alone, those of D1 and R2 among them, can keep every other request waiting for as long as a step lasts.
 */
export async function yieldThread(): Promise<void> {
  await scheduler.wait(0)
}
