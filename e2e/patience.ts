/**
 * How long a test waits for an expected event before the system counts as hung, in milliseconds. No test measures time
 * with it, because machines are shared.
 */
export const PATIENCE = 300_000
