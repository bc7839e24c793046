import { expect, it } from 'vitest'
import { hidesQuery, hostAndFile, shownAddress } from './shown-address.ts'

it.each([
  [
    'https://files.example.org/staff/contacts.csv',
    'https://files.example.org/staff/contacts.csv',
    'https://files.example.org/…/contacts.csv',
  ],
  [
    'https://files.example.org/contacts.csv?sig=a/b.csv',
    'https://files.example.org/contacts.csv?…',
    'https://files.example.org/contacts.csv',
  ],
  [
    'https://files.example.org/contacts.csv#key',
    'https://files.example.org/contacts.csv?…',
    'https://files.example.org/contacts.csv',
  ],
  ['https://files.example.org?key', 'https://files.example.org?…', 'https://files.example.org'],
  ['https://cloud.example.org/s/Zk3XbQ', 'https://cloud.example.org/s/Zk3XbQ', 'https://cloud.example.org/…/'],
  ['https://files.example.org/KEY/', 'https://files.example.org/KEY/', 'https://files.example.org/…/'],
  ['https://api.example.org', 'https://api.example.org', 'https://api.example.org'],
  ['s3://bucket/out/contacts.csv?x', 's3://bucket/out/contacts.csv?…', 's3://bucket/…/contacts.csv'],
  [
    'sftp://sftp.example.org/out/contacts-?.csv',
    'sftp://sftp.example.org/out/contacts-?.csv',
    'sftp://sftp.example.org/…/contacts-?.csv',
  ],
  ['out/secret/opt-outs.csv', 'out/secret/opt-outs.csv', '…/opt-outs.csv'],
  ['opt-outs.csv', 'opt-outs.csv', 'opt-outs.csv'],
])('%s reads back as %s, and for those who may only read as %s', (address, shown, short) => {
  expect(shownAddress(address)).toBe(shown)
  expect(shownAddress(shown)).toBe(shown)
  expect(hostAndFile(address)).toBe(short)
  expect(hidesQuery(address)).toBe(false)
  expect(hidesQuery(shown)).toBe(shown !== address)
})
