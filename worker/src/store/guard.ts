/** Whether a batch failed on its guard: a column that must not be NULL. */
export function isGuardFailure(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e.message.includes('NOT NULL constraint failed')) return true
  return false
}

/** Writes a guarded batch: whether its guard held. Throws what else goes wrong. */
export async function guarded(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (isGuardFailure(error)) return false
    throw error
  }
}
