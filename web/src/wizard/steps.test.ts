import { expect, it } from 'vitest'
import { sourceSettingsSchema } from '../../../worker/src/core/source.ts'
import { hrefOfStep, STEPS, stepNamed, stepOf } from './steps.ts'

it('the address of each step leads back to it, and any other address to the first', () => {
  for (const [step] of STEPS)
    expect(stepNamed(new URL(hrefOfStep(step), 'http://x').searchParams.get('step'))).toBe(step)
  expect(stepNamed('elsewhere')).toBe('where')
})

it('a refused setting leads to the step in which it is edited', () => {
  expect(['connection.url', 'name', 'mapping.3.to', 'schedule.times', 'notify.emails.0'].map(stepOf)).toEqual([
    'where',
    'where',
    'columns',
    'when',
    'when',
  ])
  expect(Object.keys(sourceSettingsSchema.shape).map(stepOf)).not.toContain('where')
})
