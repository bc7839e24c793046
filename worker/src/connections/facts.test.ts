import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { FACTS, factsOf, isSameServer, targetOf } from './facts.ts'
import type { Kind } from './kind.ts'
import { secret } from './members.ts'
import { connectionSchema } from './schema.ts'

/** For each kind, a connection as the API receives it, and the values that go into its settings hash. */
const TARGETS: Record<Kind, { connection: object; target: unknown[] }> = {
  https: {
    connection: { url: 'https://files.example.org/contacts.csv?key=1', username: 'ana', password: 'secret' },
    target: ['https', 'https://files.example.org/contacts.csv?key=1'],
  },
  s3: {
    connection: {
      url: 's3://bucket/out/contacts.csv',
      region: 'ca-central-1',
      accessKeyId: 'AKIA',
      secretAccessKey: 'secret',
    },
    target: ['s3', 's3://bucket/out/contacts.csv'],
  },
  sftp: {
    connection: {
      url: 'sftp://files.example.org/out/contacts-*.csv',
      port: 2222,
      username: 'ana',
      privateKey: 'secret',
      afterImport: 'move',
    },
    target: ['sftp', 'sftp://files.example.org/out/contacts-*.csv'],
  },
  connect: {
    connection: {
      url: 'https://services01.example.net/ws/bridge.asmx',
      clientName: 'College',
      passKey: 'secret',
      filterIds: [70542, 9, 123],
      contactIdAttribute: 'ContactID',
      sourceCode: 'Muster',
    },
    target: ['connect', 'https://services01.example.net/ws/bridge.asmx', 'College', [9, 123, 70542], 'ContactID'],
  },
  upload: { connection: { once: true }, target: ['upload'] },
  d4h: {
    connection: {
      url: 'https://api.team-manager.ca.d4h.com',
      token: 'secret',
      teamId: 12,
      statuses: ['RETIRED', 'OPERATIONAL'],
      groups: false,
    },
    target: ['d4h', 'https://api.team-manager.ca.d4h.com', 12, ['OPERATIONAL', 'RETIRED'], false],
  },
}

// A source's settings hash is made of these values. If an upgrade changed them, every source would be planned again.
it.each(Object.entries(TARGETS))('the target of a %s source keeps its values', (kind, { connection, target }) => {
  expect(targetOf(connectionSchema.parse({ kind, ...connection }))).toEqual(target)
})

const SHAPES = connectionSchema.options.map(({ shape }) => [shape.kind.value, shape] as const)

it.each(SHAPES)('the facts of %s list the secrets that its schema has', (kind, shape) => {
  expect(factsOf({ kind }).secrets).toEqual(secretsIn(shape, ''))
})

/** Returns the paths of the members that are secrets, also in objects. */
function secretsIn(shape: object, path: string): string[] {
  return Object.entries(shape as Record<string, unknown>).flatMap(([name, member]) => {
    if (member === secret) return [path + name]
    let inner = member
    while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) inner = inner.unwrap()
    return inner instanceof z.ZodObject ? secretsIn(inner.shape, `${path}${name}.`) : []
  })
}

it('a secret is for one kind, host and port', () => {
  const sftp = connectionSchema.parse({ kind: 'sftp', url: 'sftp://a.example/out/1.csv', username: 'ana' })
  expect(isSameServer(sftp, { ...sftp, url: 'sftp://a.example/out/2.csv' } as typeof sftp)).toBe(true)
  expect(isSameServer(sftp, { ...sftp, url: 'sftp://b.example/out/1.csv' } as typeof sftp)).toBe(false)
  expect(isSameServer(sftp, { ...sftp, port: 2222 } as typeof sftp)).toBe(false)
  const https = connectionSchema.parse({ kind: 'https', url: 'https://a.example/1.csv' })
  expect(isSameServer(https, { ...https, url: 'https://a.example:8443/1.csv' } as typeof https)).toBe(false)
  expect(isSameServer(https, { ...https, url: 'http://a.example/1.csv' } as typeof https)).toBe(false)
  expect(isSameServer(https, connectionSchema.parse({ ...https, kind: 'd4h' }))).toBe(false)
})

it('Muster writes back only to a Connect source that has a source code', () => {
  const connect = connectionSchema.parse({ kind: 'connect', url: 'https://a.example/ws', clientName: 'a' })
  const writesBack = (settings: typeof connect) => factsOf(settings).writesBack(settings)
  expect(writesBack(connect)).toBe(false)
  expect(writesBack({ ...connect, sourceCode: 'MUSTER' } as typeof connect)).toBe(true)
  for (const kind of Object.keys(FACTS) as Kind[]) {
    if (kind !== 'connect')
      expect(writesBack(connectionSchema.parse({ kind, ...TARGETS[kind].connection }))).toBe(false)
  }
})

it.each(Object.keys(FACTS))('the %s kind runs the shared contract', (kind) => {
  const test = new URL(`./${kind}/open.test.ts`, import.meta.url)
  expect(existsSync(test) && readFileSync(test, 'utf8')).toContain(`connectionContract('${kind}'`)
})
