import { expect, it } from 'vitest'
import { isReachable, withoutSecrets } from './complete.ts'

const URL = 'https://files.example.org/contacts.csv'
const PUBLIC = { kind: 'https', url: URL, username: null, password: null, bearer: null, header: null } as const

it('a connection is tested once it is valid and has a secret, unless the file is public', () => {
  expect(isReachable(PUBLIC, null)).toBe(true)
  expect(isReachable({ ...PUBLIC, url: 'https:/' }, null)).toBe(false)
  const { password: _, ...basic } = { ...PUBLIC, username: 'exporter' }
  expect(isReachable(basic, null)).toBe(false)
  expect(isReachable({ ...basic, password: 'secret' }, null)).toBe(true)
  expect(isReachable({ ...PUBLIC, header: { name: 'X-Key' } }, null)).toBe(false)
  expect(isReachable({ ...PUBLIC, header: { name: 'X-Key', value: 'k3y' } }, null)).toBe(true)
  expect(isReachable({ kind: 'upload', once: true }, null)).toBe(true)
})

it('what is kept in the browser has no secret, and no query in which a key could be', () => {
  const header = { name: 'X-Key', value: 'k3y' }
  expect(withoutSecrets({ ...PUBLIC, header, password: 'secret' })).toEqual({
    kind: 'https',
    url: URL,
    username: null,
    bearer: null,
    header: { name: 'X-Key' },
  })
  expect(withoutSecrets({ ...PUBLIC, url: `${URL}?dl=1&gid=7` })).toMatchObject({ url: `${URL}?dl=1&gid=7` })
  for (const query of ['?sig=k3yk3yk3', '?dl=1&sig=k3yk3yk3', '#k3yk3yk3k3y', '?k3yk3yk3k3y'])
    expect(withoutSecrets({ ...PUBLIC, url: URL + query })).toMatchObject({ url: URL })
  const sftp = { kind: 'sftp', url: 'sftp://a.example/x?y', username: 'me', privateKey: 'k3y', password: null } as const
  expect(withoutSecrets(sftp)).toEqual({ kind: 'sftp', url: 'sftp://a.example/x?y', username: 'me', password: null })
})
