import { expect, it } from 'vitest'
import { type ConnectionSettings, connectionSchema, targetOf } from './schema.ts'

/** What the API was given for a source of each kind, and the values that its settings hash is made of. */
const TARGETS: Record<ConnectionSettings['kind'], { connection: object; target: unknown[] }> = {
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

// A source's settings hash is made of these. Were they others after an upgrade, every source would be planned again.
it.each(Object.entries(TARGETS))('the target of a %s source keeps its values', (kind, { connection, target }) => {
  expect(targetOf(connectionSchema.parse({ kind, ...connection }))).toEqual(target)
})
