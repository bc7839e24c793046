import { expect, it } from 'vitest'
import { Failure } from '../core/failure.ts'
import { growth } from '../testing/growth.ts'
import { Attributes } from './connect/attributes.ts'
import { readContacts } from './connect/contacts.ts'
import { statedFailure } from './connect/failure.ts'
import { readAttributes } from './connect/items.ts'
import { ResultReader } from './connect/result.ts'
import { memberColumns } from './d4h/columns.ts'
import { fileName } from './file-name.ts'
import { recordsBody } from './records.ts'
import { newest, readPage } from './s3/list.ts'
import { s3Location } from './s3/location.ts'

/** For eight times the size the work is about 8 times as much; quadratic work is 64 times as much. */
const LINEAR = 32
const SECRETS = { clientName: 'demo', passKey: 'secret' }

/** Returns what the work throws, which must be a `Failure`. */
async function refused(work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}

async function read(pieces: string[]): Promise<void> {
  async function* given() {
    yield* pieces
  }
  for await (const _ of readContacts(given(), 'crm.example.org', SECRETS));
}

it.each<[what: string, size: number, work: (n: number) => unknown]>([
  ['an error full of open tags', 20_000, (n) => statedFailure('<'.repeat(n), 'crm.example.org', SECRETS)],
  [
    'an error full of escaped tags',
    20_000,
    (n) => refused(() => readAttributes(`<error>${'&lt; '.repeat(n)}</error>`, 'crm.example.org', SECRETS)),
  ],
  ['very many errors', 5000, (n) => refused(() => read([`<r>${'<error>no &lt; </error>'.repeat(n)}</r>`]))],
  ['a result that never begins', 5000, (n) => new ResultReader('GetContacts').write('<GetContactsResult '.repeat(n))],
  // The engine takes 70 times as long for a text of 70,000 characters as for one of 60,000, so both sizes are above that.
  [
    'a record of many blanks',
    100_000,
    (n) => new Response(recordsBody(['A'], values(`x${' '.repeat(n)}x\n`), BOUNDS)).text(),
  ],
  ['a header of a file name', 5000, (n) => fileName(new URL('https://example.org/a.csv'), ';filename="'.repeat(n))],
  [
    'a deep list of files',
    20_000,
    (n) =>
      refused(() =>
        readPage(`<ListBucketResult>${'<a>'.repeat(n)}${'</a>'.repeat(n)}</ListBucketResult>`, 's3.example.org'),
      ),
  ],
  [
    'a pattern of many stars',
    40,
    (n) =>
      newest(
        s3Location(`s3://bucket/${'*a'.repeat(n)}b`, 'us-east-1'),
        [{ key: 'a'.repeat(n * 20), modified: 1 }],
        null,
      ),
  ],
  ['many custom fields', 1500, (n) => memberColumns(null, { groups: true }, fields(n))],
  ['many attributes and a mapping of many', 500, (n) => find(n)],
])('%s: the work follows the size of what a remote side sent', async (_, size, work) => {
  expect(await growth(size, work)).toBeLessThan(LINEAR)
})

const BOUNDS = { from: 'crm.example.org', maxBytes: 1_000_000_000 }

async function* values(value: string) {
  yield [[value, value]]
}

function fields(count: number) {
  return Array.from({ length: count }, (_, id) => ({
    id,
    title: `Field ${id}`,
    type: null,
    archivedAt: null,
    updatedAt: null,
    options: [],
  }))
}

function find(count: number): void {
  const attributes = new Attributes(
    Array.from({ length: count }, (_, i) => ({ name: `a${i}`, label: `Attribute ${i}` })),
    'crm.example.org',
  )
  for (let i = 0; i < count; i++) attributes.find(`Attribute ${i}`)
}
