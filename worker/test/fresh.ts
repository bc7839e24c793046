import { afterEach, beforeAll, vi } from 'vitest'
import { emptyStorage, makeStorage } from './storage.ts'

// To migrate the storage for each file and test would cost most of them more than what they test.
beforeAll(makeStorage)

// Each test begins with the tables as they are after the last migration, without files, and with the real clock.
afterEach(async () => {
  // In this order: a spy on a fake timer would put the fake one back over the real one.
  vi.restoreAllMocks()
  vi.useRealTimers()
  await emptyStorage()
})
