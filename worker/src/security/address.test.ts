import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Failure } from '../core/failure.ts'
import { classifyHost, refuseAddress } from './address.ts'

const PUBLIC = [
  'example.com',
  'files.example.co.uk',
  'EXAMPLE.com.',
  'bücher.example',
  'local.example.com',
  'localhost.example.com',
  'internal.example.org',
  'mylocal.net',
  '10.example.com',
  '8.8.8.8',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '134744072',
  '[2606:4700:4700::1111]',
  '2606:4700:4700::1111',
  '[2001:4860:4860::8888]',
  '[2001:200::1]',
  '[2a00::]',
  '[2003::1]',
]

const LOOPBACK = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'ｌｏｃａｌｈｏｓｔ',
  'l%6fcalhost',
  '127.0.0.1',
  '127.0.0.1.',
  '127.255.255.254',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7F.1',
  '0x7f.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '1２7.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '[::1]',
  '::1',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::0.0.0.1]',
]

const PRIVATE = [
  // Unspecified, private, shared, link-local and metadata addresses.
  '0.0.0.0',
  '0',
  '0.1.2.3',
  '10.0.0.0',
  '10.255.255.255',
  '0xa.1',
  '012.0.0.1',
  '167772161',
  '100.64.0.0',
  '100.100.100.200',
  '100.127.255.255',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '169.254.43518',
  '0xA9FEA9FE',
  '2852039166',
  '0251.0376.0251.0376',
  '172.16.0.0',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.255.255',
  '192.168.257',
  // Protocol assignments, documentation, benchmarking, multicast, reserved and broadcast addresses.
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  // Addresses of IPv6 itself.
  '[::]',
  '::',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  'fd12:3456:789a::1',
  '[ff02::1]',
  '[100::1]',
  '[2001:db8::1]',
  '[2001:0DB8:0:0:0:0:0:1]',
  '[2001:2::1]',
  '[2001:10::1]',
  '[3fff::1]',
  '[3fff:fff::1]',
  '[5f00::1]',
  '[4000::1]',
  // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo.
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:169.254.169.254]',
  '::ffff:192.168.1.1',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::10.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::10.0.0.1]',
  '[2002:7f00:1::]',
  '[2002:a00:1::1]',
  '[2001::1]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  // Names.
  'foo.localhost',
  'a.b.localhost.',
  'printer.local',
  'metadata.google.internal',
  'METADATA.GOOGLE.INTERNAL.',
  'nas.home.arpa',
  'home.arpa',
  'server.lan',
  'ad.corp',
  'intranet',
  'kubernetes',
  'com',
  'host..example.com',
  'example.com..',
  '.example.com',
  // Texts that are not hosts.
  '',
  '.',
  ' ',
  'exa mple.com',
  '1.2.3.4.5',
  '256.256.256.256',
  '127.0.0.1:80',
  'example.com:80',
  '[::1]:80',
  'example.com/@127.0.0.1',
  'example.com#',
  'user@example.com',
  'example.com%2f127.0.0.1',
  '[fe80::1%25eth0]',
  '[::1',
  '[::g]',
]

function refusal(address: string, allowLoopback: boolean): string | null {
  try {
    refuseAddress(new URL(address), { allowLoopback })
    return null
  } catch (error) {
    return error instanceof Failure ? error.code : String(error)
  }
}

describe('the kind of a host', () => {
  it.each(PUBLIC)('%s is public', (host) => expect(classifyHost(host)).toBe('public'))
  it.each(LOOPBACK)('%s is loopback', (host) => expect(classifyHost(host)).toBe('loopback'))
  it.each(PRIVATE)('%j is private', (host) => expect(classifyHost(host)).toBe('private'))

  it('every spelling of an IPv4 address has the same kind', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const parts = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
        const kind = classifyHost(parts.join('.'))
        expect(classifyHost(String(value))).toBe(kind)
        expect(classifyHost(`0x${value.toString(16)}`)).toBe(kind)
        expect(classifyHost(parts.map((part) => `0${part.toString(8)}`).join('.'))).toBe(kind)
        expect(classifyHost(`${parts[0]}.${value & 0xffffff}`)).toBe(kind)
        expect(classifyHost(`[::ffff:${parts.join('.')}]`)).toBe('private')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the address of a URL', () => {
  it.each(['https:', 'sftp:'])(
    'a URL with %s is refused for every private host and allowed for every public one',
    (scheme) => {
      for (const host of PRIVATE) {
        const url = URL.parse(
          `${scheme}//${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}/contacts.csv`,
        )
        // A host that turns into another URL (with a port, a path or a user name) has cases of its own.
        if (url === null || url.port !== '' || url.username !== '' || url.pathname !== '/contacts.csv') continue
        expect([host, refusal(url.href, true)]).toEqual([host, 'address_refused'])
      }
      for (const host of PUBLIC.filter((host) => !host.includes(':'))) {
        expect([host, refusal(`${scheme}//${host}/contacts.csv`, false)]).toEqual([host, null])
      }
    },
  )

  it.each(['https:', 'http:', 'sftp:'])(
    'a URL with %s on loopback is allowed only on a developer’s machine',
    (scheme) => {
      for (const host of LOOPBACK.filter((host) => host !== '::1')) {
        expect([host, refusal(`${scheme}//${host}:8080/contacts.csv`, false)]).toEqual([host, 'address_refused'])
        expect([host, refusal(`${scheme}//${host}:8080/contacts.csv`, true)]).toEqual([host, null])
      }
    },
  )

  it.each([
    'https://example.com@127.0.0.1/',
    'https://example.com:443@127.0.0.1/',
    'https://example.com%40127.0.0.1:443@10.0.0.1/',
    'https:\\\\10.0.0.1\\',
    'https:10.0.0.1',
    'https://10.0.0.1\t/',
    'sftp://example.com@127.0.0.1/',
    'sftp://example.com:22@0x7f.1/',
    'file:///etc/passwd',
    'sftp:/etc/passwd',
  ])('%s is judged by the host that it leads to', (address) => {
    expect(refusal(address, false)).toBe('address_refused')
  })

  it('the refusal of a URL names only its host', () => {
    expect(() =>
      refuseAddress(new URL('https://user:pa55@10.0.0.1/share/tok3n?sig=s3cret'), { allowLoopback: false }),
    ).toThrow('10.0.0.1 is not an address on the public internet, so it is not fetched.')
  })
})
