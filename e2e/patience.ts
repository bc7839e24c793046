/**
 * How long a test waits for what must come before it takes the system for hung, in milliseconds. No test measures time by
 * it: machines are shared.
 */
export const PATIENCE = 300_000
