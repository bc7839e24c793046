import { describe, expect, it } from 'vitest'
import { hrefOf, match } from './router.ts'

describe('an address', () => {
  it('an address matches a pattern of as many parts, and its named parts are decoded', () => {
    expect(match('/runs/:id', '/runs/a%2Fb')).toEqual({ id: 'a/b' })
    expect(match('/contacts/:key/edit', '/contacts/1/edit')).toEqual({ key: '1' })
    expect(match('/runs/:id', '/runs')).toBeNull()
    expect(match('/runs/:id', '/groups/1')).toBeNull()
  })

  it('an address may end with a slash, and a broken escape does not break it', () => {
    expect(match('/runs', '/runs/')).toEqual({})
    expect(match('', '/')).toEqual({})
    expect(match('/runs/:id', '/runs/%zz')).toEqual({ id: '%zz' })
  })

  it('the address of a page is made from its pattern, and matches it again', () => {
    const href = hrefOf('/contacts/:key/edit', { key: 'a/b', query: { at: 'where', from: '' } })
    expect(href).toBe('/contacts/a%2Fb/edit?at=where')
    expect(match('/contacts/:key/edit', '/contacts/a%2Fb/edit')).toEqual({ key: 'a/b' })
    // @ts-expect-error: there is no such page
    expect(hrefOf('/surces/:id', { id: '1' })).toBe('/surces/1')
    // @ts-expect-error: the parameter is called `key`
    expect(() => hrefOf('/contacts/:key', { id: '1' })).not.toThrow()
  })
})
