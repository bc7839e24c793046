import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { costsPage } from './page.ts'

it('the page of costs is what npm run costs -- --write makes of the counted figures', () => {
  expect(readFileSync('docs/costs.md', 'utf8')).toBe(costsPage())
})
