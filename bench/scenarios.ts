import type { Scenario } from './scenario.ts'
import { beside } from './scenarios/beside.ts'
import { large } from './scenarios/large.ts'
import { membership } from './scenarios/membership.ts'
import { reading } from './scenarios/reading.ts'
import { secondSource } from './scenarios/second-source.ts'
import { undo } from './scenarios/undo.ts'

/** The scenarios, in the order in which they are measured. */
export const SCENARIOS: readonly Scenario[] = [beside, secondSource, undo, membership, large, reading]
