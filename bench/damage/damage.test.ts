import { expect, it } from 'vitest'
import { cases } from '../../worker/src/testing/sample.ts'
import { judgeDamage } from './judging.ts'

it('each damaged file ends in a documented code, and changes no contact whose row is as it was', async () => {
  const faults: string[] = []
  const codes = new Set<string>()
  for await (const { seed, form, damage, code, fault } of judgeDamage(cases(15_000), 1)) {
    codes.add(code)
    if (fault !== null) faults.push(`npm run damage -- --files 1 --seed ${seed}: ${form}, ${damage}: ${fault}`)
  }
  expect(faults).toEqual([])
  expect([...codes]).toEqual(expect.arrayContaining(['applied', 'held', 'truncated', 'header_missing']))
}, 600_000)
