import { expect, it, vi } from 'vitest'

vi.mock('zod', () => {
  throw new Error('The facts load zod')
})

it('the facts of all kinds and the rules of their mappings load no schema into the pages', async () => {
  await expect(import('./facts.ts')).resolves.toHaveProperty('FACTS')
  await expect(import('./mapping.ts')).resolves.toHaveProperty('mappingOf')
})
