import { CORE } from './core.ts'
import type { Mutant } from './mutant.ts'
import { RUN } from './run.ts'
import { SECURITY } from './security.ts'
import { SQL } from './sql.ts'
import { STORE } from './store.ts'

/** Every mutant, by floor. A new rule of the design gets one here, beside its test. */
export const MUTANTS: readonly Mutant[] = [...CORE, ...STORE, ...RUN, ...SQL, ...SECURITY]
