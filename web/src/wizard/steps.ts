import { factsOf } from '../../../worker/src/connections/facts.ts'
import type { Kind } from '../../../worker/src/connections/kind.ts'
import { hrefOf } from '../router.ts'

/** The steps of the wizard, in order, with their names. */
export const STEPS = [
  ['where', 'Where'],
  ['columns', 'Columns'],
  ['when', 'When'],
] as const
export type StepName = (typeof STEPS)[number][0]

/** Returns the name of a step: the second one is called by what the connection has. */
export function labelOf(step: StepName, connection: { kind: Kind }): string {
  const { gives, mapping } = factsOf(connection)
  if (step !== 'columns' || gives === 'file') return STEPS.find(([name]) => name === step)?.[1] ?? ''
  return mapping.by === 'fields' ? 'Filters and fields' : 'Fields'
}

/** Returns the step that an address names; the first one if it names none. */
export function stepNamed(name: string | null): StepName {
  return STEPS.find(([step]) => step === name)?.[0] ?? 'where'
}

/** Returns the address of a step. */
export function hrefOfStep(step: StepName): string {
  return hrefOf('/sources/new', step === 'where' ? {} : { query: { step } })
}

/** Returns the step in which a refused setting is edited. `path` is dotted: `connection.url`. */
export function stepOf(path: string): StepName {
  const [member = ''] = path.split('.')
  if (member === 'connection') return /^connection\.(filterIds|sourceCode)/.test(path) ? 'columns' : 'where'
  if (['name', 'file'].includes(member)) return 'where'
  return ['mapping', 'rows', 'smsStatus', 'format', 'changesOnly'].includes(member) ? 'columns' : 'when'
}
