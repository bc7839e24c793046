import { describe, expect, it } from 'vitest'
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
