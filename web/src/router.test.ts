import { describe, expect, it } from 'vitest'
import { match } from './router.ts'

describe('an address', () => {
  it('fits a pattern of as many parts, and gives the named ones decoded', () => {
    expect(match('/runs/:id', '/runs/a%2Fb')).toEqual({ id: 'a/b' })
    expect(match('/sources/:id/edit', '/sources/1/edit')).toEqual({ id: '1' })
    expect(match('/runs/:id', '/runs')).toBeNull()
    expect(match('/runs/:id', '/groups/1')).toBeNull()
  })

  it('may end with a slash, and survives a broken escape', () => {
    expect(match('/runs', '/runs/')).toEqual({})
    expect(match('', '/')).toEqual({})
    expect(match('/runs/:id', '/runs/%zz')).toEqual({ id: '%zz' })
  })
})
