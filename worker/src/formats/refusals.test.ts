import { describe, expect, it } from 'vitest'
import { gzipOf, readAll } from '../testing/tables.ts'

/** Returns the code and the sentence of the failure that reading a file ends with. */
async function refusal(content: string | Uint8Array): Promise<string> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  return readAll(new Uint8Array(bytes)).then(
    () => 'none',
    ({ code, message, advice }) => `${code}: ${message} ${advice}`,
  )
}

const ARMORED = '-----BEGIN PGP MESSAGE-----\n\nhQEMA0AAAAAAAAAAAQf/aaaaaaaa\n=aaaa\n-----END PGP MESSAGE-----\n'
/** The first bytes of `gpg --encrypt` for an RSA key and for a Curve25519 key, and of `gpg --symmetric`. */
const PUBLIC_KEY = '\x85\x01\x0c\x03\x12\x34\x56\x78\x9a\xbc\xde\xf0\x01\x07\xff\x61\x62\x63\x64\x65\x66\x67'
const CURVE = '\x84\x5e\x03\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12\x01\x07\x40\x61\x62\x63\x64\x65\x66\x67'
const PASSPHRASE = '\x8c\x0d\x04\x09\x03\x08\x12\x34\x56\x78\x9a\xbc\xde\xf0\xff\xd2\x61\x62\x63\x64\x65'
const NEW_FORMAT = '\xc1\xc0\x4c\x03\x12\x34\x56\x78\x9a\xbc\xde\xf0\x01\x07\xff\x61\x62\x63\x64\x65\x66'

describe('an encrypted file', () => {
  it.each([
    ['PGP, armored', ARMORED],
    ['PGP, armored, after blank lines', `\r\n\r\n${ARMORED}`],
    ['PGP for an RSA key', PUBLIC_KEY],
    ['PGP for a Curve25519 key', CURVE],
    ['PGP in the new packet format', NEW_FORMAT],
    ['PGP with a passphrase', PASSPHRASE],
    ['age', 'age-encryption.org/v1\n-> X25519 abc\n'],
    ['age, armored', '-----BEGIN AGE ENCRYPTED FILE-----\nabc\n'],
    ['OpenSSL', 'Salted__12345678abcdefgh'],
    ['OpenSSL in Base64', 'U2FsdGVkX1+abcdefgh\n'],
    ['AES Crypt', 'AES\x02\0\0\x1bCREATED_BY\0'],
  ])('of the kind %s is refused as encrypted, also inside gzip', async (_, content) => {
    expect(await refusal(content)).toMatch(/^encrypted_file: /)
    expect(await refusal(await gzipOf(Buffer.from(content, 'latin1')))).toMatch(/^encrypted_file: /)
  })

  it.each(['ÁID,Name\n', 'Ãna,x\nb,y\n', '„ID“;Name\n', '…,x\na,b\n', 'É,x\na,b\n'])(
    'is not confused with the text %j in Windows-1252',
    async (text) => {
      const bytes = Buffer.from(text.replace('„', '\x84').replace('“', '\x93').replace('…', '\x85'), 'latin1')
      expect(await refusal(`${bytes.toString('latin1')}1,Ann Lee of the Search Team\n`)).toBe('none')
    },
  )
})

describe('a file of another kind', () => {
  it.each([
    ['PDF', '%PDF-1.7\n'],
    ['RTF', '{\\rtf1\\ansi'],
    ['SQLite', 'SQLite format 3\0\x10\0'],
    ['Access', '\0\x01\0\0Standard ACE DB\0'],
    ['Parquet', 'PAR1\x15\x04'],
    ['dBASE', `\x03\x7a\x01\x1f\x05\0\0\0\xa1\0\x20\0${'\0'.repeat(20)}`],
    ['SPSS', '$FL2@(#) SPSS DATA FILE'],
    ['\\.xls', '\x09\x08\x10\0\0\x06\x05\0'],
    ['vCard', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n'],
    ['calendar', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n'],
    ['LDIF', 'version: 1\n\ndn: cn=Ann,dc=example,dc=org\ncn: Ann\n'],
    ['SQL', '-- MySQL dump 10.13\n--\nINSERT INTO `contacts` VALUES (1);\n'],
    ['SQL', 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n'],
    ['Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n'],
    ['e-mail', 'From: ana@example.org\r\nTo: bo@example.org\r\nSubject: list\r\n'],
    ['web archive', 'MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n'],
    ['tar archive', `contacts.csv${'\0'.repeat(245)}ustar  \0`],
    ['PGP key', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n'],
    ['fods', '<?xml version="1.0"?>\n<office:document xmlns:office="x"></office:document>'],
    ['HTML', '<table border="1"><tr><th>ID</th><th>Name</th></tr><tr><td>1</td><td>Ann</td></tr></table>'],
    [
      'HTML',
      '\xef\xbb\xbf<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><script>1</script></head><table><tr><td>',
    ],
    ['table of a web page', '<meta charset="utf-8"><style>td{}</style><table><tr><td>ID</td></tr></table>'],
  ])('(%s) is refused by its name', async (name, content) => {
    expect(await refusal(content)).toMatch(new RegExp(`^unsupported_format: .*${name}`))
  })

  it.each([
    '<!DOCTYPE html><html><body><form action="/login"><table><tr><td><input name="user"></td></tr></table></form>',
    '<html><head><script src="a.js"></script></head><body><table><tr><td>Sign in</td></tr></table></body></html>',
    '<!doctype html><title>Sign in</title>',
  ])('that is a page to sign in is refused as one: %j', async (page) => {
    expect(await refusal(page)).toMatch(/^not_a_contact_file: .*sign-in/)
  })
})

describe('a file that was saved as CSV twice', () => {
  it.each([
    '"ID,Name,Team"\n"1,""Lee, Ana"",Rope"\n"2,Bo,""Search"""\n',
    '"ID;Name;Team"\r\n"1;""Lee, Ana"";Rope"\r\n"2;Bo;Search"',
    '"ID,Name,Team",,\n"1,""Lee, Ana"",Rope",,\n"2,Bo,Search",,\n',
  ])('has its cells: %j', async (text) => {
    expect((await readAll(text)).rows).toEqual([
      [1, 'ID', 'Name', 'Team'],
      [2, '1', 'Lee, Ana', 'Rope'],
      [3, '2', 'Bo', 'Search'],
    ])
  })

  it('is no file with one column, whatever its cells hold', async () => {
    const text = '"Name"\n"Lee, Ana"\n"Ray, Bob"\n'
    expect((await readAll(text)).rows).toEqual([
      [1, 'Name'],
      [2, 'Lee, Ana'],
      [3, 'Ray, Bob'],
    ])
  })
})
