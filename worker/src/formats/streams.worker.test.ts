import { describe, expect, it } from 'vitest'
import { csvStream } from './csv-write.ts'
import { workbookStream } from './workbook.ts'

/** Rows that count how many were taken, and record when the reader leaves. */
class Rows {
  taken = 0
  ended = false

  async *[Symbol.asyncIterator](): AsyncGenerator<string[]> {
    try {
      for (let i = 0; i < 100_000; i++) {
        this.taken++
        yield [`c${i}`, crypto.randomUUID(), 'someone@example.org', String(i * 7919)]
      }
    } finally {
      this.ended = true
    }
  }
}

const STREAMS = {
  CSV: (rows: Rows) => csvStream(rows),
  workbook: (rows: Rows) => workbookStream([{ name: 'Contacts', rows }]),
}

describe.each(Object.entries(STREAMS))('an export as %s', (_, open) => {
  it('an export takes no more rows than are read', async () => {
    const rows = new Rows()
    const reader = open(rows).getReader()
    await readBytes(reader, 300_000)
    const { taken } = rows
    expect(taken).toBeLessThan(30_000)
    await scheduler.wait(50)
    expect(rows.taken).toBe(taken)
    await reader.cancel()
  })

  it('an export ends its rows when the reader leaves', async () => {
    const rows = new Rows()
    const reader = open(rows).getReader()
    await readBytes(reader, 300_000)
    await reader.cancel()
    await expect.poll(() => rows.ended).toBe(true)
    expect(rows.taken).toBeLessThan(30_000)
  })

  it('an export comes in pieces of many rows', async () => {
    const pieces: number[] = []
    for await (const piece of open(new Rows())) pieces.push(piece.length)
    const total = pieces.reduce((sum, length) => sum + length, 0)
    expect(total).toBeGreaterThan(4_000_000)
    expect(pieces.length).toBeLessThan(total / 10_000)
  })
})

async function readBytes(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: number): Promise<void> {
  for (let length = 0; length < wanted; ) length += (await reader.read()).value?.length ?? Number.NaN
}
