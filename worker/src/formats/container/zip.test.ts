import { expect, it } from 'vitest'
import { failureOf, readAll, sourceOf, zipOf } from '../../testing/tables.ts'
import { writeParts } from '../../testing/zip.ts'
import { firstBytes } from '../reading.ts'
import { readEntry, readZip } from './zip.ts'

const CSV = 'ID,Name\n1,Ann\n'

/** Returns a ZIP in which a two-byte field is changed, at this offset in the only entry of its central directory. */
async function altered(field: number, value: number): Promise<Uint8Array> {
  const bytes = await zipOf({ 'contacts.csv': CSV })
  const view = new DataView(bytes.buffer)
  view.setUint16(view.getUint32(bytes.length - 6, true) + field, value, true)
  return bytes
}

it('a ZIP that was cut anywhere is truncated', async () => {
  const bytes = await zipOf({ 'contacts.csv': CSV.repeat(50) })
  for (let length = 4; length < bytes.length; length += 7) {
    expect(await failureOf(bytes.slice(0, length))).toBe('truncated')
  }
})

it('a ZIP with data before it and a comment after it is read', async () => {
  const zip = await zipOf({ 'contacts.csv': CSV })
  const end = new DataView(zip.buffer)
  end.setUint16(zip.length - 2, 5, true)
  const bytes = new Uint8Array([...new TextEncoder().encode('PK\x03\x04stub'), ...zip, 1, 2, 3, 4, 5])
  expect((await readAll(bytes)).rows).toHaveLength(2)
})

it('a ZIP64 directory is read', async () => {
  const zip = await zipOf({ 'contacts.csv': CSV })
  const directory = new DataView(zip.buffer).getUint32(zip.length - 6, true)
  const size = zip.length - 22 - directory
  const record = new DataView(new ArrayBuffer(56 + 20))
  record.setUint32(0, 0x06064b50, true)
  record.setBigUint64(32, 1n, true)
  record.setBigUint64(40, BigInt(size), true)
  record.setBigUint64(48, BigInt(directory), true)
  record.setUint32(56, 0x07064b50, true)
  record.setBigUint64(64, BigInt(zip.length - 22), true)
  const end = zip.slice(-22)
  new DataView(end.buffer).setUint32(16, 0xffffffff, true)
  const bytes = new Uint8Array([...zip.slice(0, -22), ...new Uint8Array(record.buffer), ...end])
  expect((await readAll(bytes)).rows).toHaveLength(2)
})

it('a ZIP with a password and one with an unusual compression are refused with different codes', async () => {
  expect(await failureOf(await altered(8, 0x0809))).toBe('encrypted_file')
  expect(await failureOf(await altered(10, 12))).toBe('unsupported_format')
})

it('a ZIP entry whose length differs from the directory is truncated', async () => {
  expect(await failureOf(await altered(24, CSV.length + 1))).toBe('truncated')
})

it.each([true, false])('a ZIP entry with a changed byte is truncated (compressed: %s)', async (compression) => {
  const content = new TextEncoder().encode(CSV.repeat(50))
  const bytes = writeParts(new Map([['contacts.csv', content]]), { compression })
  expect((await readAll(bytes)).rows).toHaveLength(100)
  const directory = new DataView(bytes.buffer).getUint32(bytes.length - 6, true)
  for (let at = 30 + 'contacts.csv'.length; at < directory; at += 13) {
    const damaged = bytes.with(at, (bytes[at] ?? 0) ^ 1)
    expect(await failureOf(damaged), `byte ${at}`).toBe('truncated')
  }
})

it('the entries of a ZIP come one by one, in the order of the directory', async () => {
  const source = sourceOf(await zipOf({ a: 'first', b: 'second' }))
  const entries = await readZip(source)
  expect(entries.map(({ name, size }) => [name, size])).toEqual([
    ['a', 5],
    ['b', 6],
  ])
  const texts = entries.map(async (entry) => new TextDecoder().decode(await firstBytes(readEntry(source, entry), 100)))
  expect(await Promise.all(texts)).toEqual(['first', 'second'])
})
