import { describe, expect, it } from 'vitest'
import { sftp } from './facts.ts'
import { sftpLocation } from './location.ts'
import { sftpSchema } from './schema.ts'

describe('the address of a file on an SFTP server', () => {
  it.each([
    ['sftp://sftp.example.org/out/contacts.csv', 'sftp.example.org', '/out/contacts.csv'],
    ['SFTP://192.0.2.7/contacts.csv', '192.0.2.7', '/contacts.csv'],
    ['sftp://[2001:db8::7]/contacts.csv', '2001:db8::7', '/contacts.csv'],
    ['sftp://host/out/contacts-?.csv', 'host', '/out/contacts-?.csv'],
    ['sftp://host/list #2.csv', 'host', '/list #2.csv'],
    ['sftp://host/M%C3%A4rz%20100%25.csv', 'host', '/März 100%.csv'],
    ['sftp://host/100% complete.csv', 'host', '/100% complete.csv'],
    ['sftp://host/~/out/contacts.csv', 'host', 'out/contacts.csv'],
  ])('%s names a host and a path', (url, host, path) => expect(sftpLocation(url)).toEqual({ host, path }))

  it.each([
    'https://host/contacts.csv',
    'sftp://host',
    'sftp://host/',
    'sftp:///contacts.csv',
    'sftp://ana:secret@host/contacts.csv',
    'sftp://host:2222/contacts.csv',
    'sftp://a b/contacts.csv',
    'host/contacts.csv',
  ])('%s is not an address of a file on an SFTP server', (url) => expect(sftpLocation(url)).toBeNull())
})

describe('the settings of an sftp source', () => {
  const least = { kind: 'sftp', url: 'sftp://host/contacts.csv', username: 'ana' }

  it('the settings of an sftp source need an address and a user name', () => {
    expect(sftpSchema.parse(least)).toEqual({
      ...least,
      port: 22,
      password: null,
      privateKey: null,
      passphrase: null,
      hostKey: null,
      afterImport: 'leave',
      optOuts: null,
    })
  })

  it.each([
    [{ url: 'sftp://host:22/contacts.csv' }, /fields of their own/],
    [{ url: 'sftp://host/*/contacts.csv' }, /Only the file name may be a pattern/],
    [{ url: 'sftp://host/out/' }, /Name a file/],
    [{ hostKey: 'MD5:00:11' }, /SHA256:/],
  ])('the settings of an sftp source say what is wrong with %j', (change, message) => {
    expect(sftpSchema.safeParse({ ...least, ...change }).error?.message).toMatch(message)
  })
})

describe('the file for opt-outs of an sftp source', () => {
  const file = (url: string, path: string) =>
    sftpSchema.safeParse({ kind: 'sftp', url, username: 'ana', optOuts: { path } })
  const location = (url: string, path: string) => {
    const { data } = file(url, path)
    return data === undefined ? null : sftpLocation(sftp.optOutFile?.(data)?.url ?? '')
  }

  it.each([
    ['/in/opt-outs.csv', '/in/opt-outs.csv'],
    ['in/opt-outs.csv', 'in/opt-outs.csv'],
    ['~/in/opt-outs.csv', 'in/opt-outs.csv'],
    ['opt-outs.csv', 'opt-outs.csv'],
    ['/März 100%/a?b#c%20.csv', null],
    ['/März 100%/#c%20.csv', '/März 100%/#c%20.csv'],
  ])('the path %s is on the server of the source', (path, expected) => {
    if (expected === null) expect(file('sftp://host/out/contacts.csv', path).error?.message).toMatch(/Name one file/)
    else expect(location('sftp://host/out/contacts.csv', path)).toEqual({ host: 'host', path: expected })
  })

  it.each([
    ['sftp://host/out/contacts.csv', '/out/contacts.csv'],
    ['sftp://host/out/contacts.csv', 'out/contacts.csv'],
    ['sftp://host/out/contacts.csv', '/out//./Contacts.csv'],
    ['sftp://host/out/contacts.csv', '/in/../out/contacts.csv'],
    ['sftp://host/out/*.csv', '/out/opt-outs.csv'],
    ['sftp://host/~/*.csv', 'opt-outs.csv'],
  ])('a source that reads %s does not write %s, since it would import that file', (url, path) => {
    expect(file(url, path).error?.issues).toMatchObject([
      { path: ['optOuts', 'path'], message: expect.stringContaining('would be imported as contacts') },
    ])
  })

  it.each([
    ['', /Name the file/],
    ['/in/', /Name a file, not a folder/],
    ['/in/opt-outs.csv.tmp', /temporary/],
    ['/in/*.csv', /Name one file/],
    ['sftp://host/in/opt-outs.csv', /only the path/],
  ])('the path “%s” is refused', (path, message) => {
    expect(file('sftp://host/out/contacts.csv', path).error?.message).toMatch(message)
  })

  it('a source without such a file has none, also if it was stored before there were any', () => {
    const { optOuts, ...before } = sftpSchema.parse({ kind: 'sftp', url: 'sftp://host/a.csv', username: 'ana' })
    expect(sftp.optOutFile?.({ ...before, optOuts })).toBeNull()
    expect(sftp.optOutFile?.(JSON.parse(JSON.stringify(before)))).toBeNull()
  })
})
