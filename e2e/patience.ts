/**
 * How long a test waits for an expected event before the system counts as hung, in milliseconds: a little less than
 * a whole test may take, so that a failure says what it waited for. No test measures time with it, because machines are
 * shared.
 */
export const PATIENCE = 240_000
