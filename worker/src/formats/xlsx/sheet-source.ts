import { ReadAgain, type RowBatch } from '../../core/bytes.ts'
import { HEADER_SEARCH } from '../../core/columns.ts'
import type { Row } from '../../core/row.ts'
import type { TableShape } from '../../core/table-shape.ts'
import { Expansion } from '../container/inflate.ts'
import type { ZipEntry } from '../container/zip.ts'
import { MergedCells, Merges } from './merges.ts'
import { type Package, partText, scan } from './part.ts'
import { type CellContext, SheetHandler } from './sheet.ts'

/** What is known of a file before it is read, because an earlier pass has found it out at the end. */
export interface FoundBefore {
  merges?: Merges
}

/** The largest sheet, in bytes of XML, that is kept in memory, so that its merged cells are known before its rows. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024
const NOTHING_IDENTIFIES = new Map<never, never>()

/** A sheet of a workbook, whose rows can be read several times. */
export class SheetSource {
  readonly #parts: Package
  readonly #entry: ZipEntry
  readonly #context: CellContext
  /** The XML of the sheet; null if it is too large to keep. */
  #kept: Promise<string[]> | null = null

  constructor(parts: Package, entry: ZipEntry, context: CellContext) {
    this.#parts = parts
    this.#entry = entry
    this.#context = context
  }

  /** Returns the rows in which the header is looked for. A merged cell counts for the rows below it. */
  async first(): Promise<Row[]> {
    const merges = await this.#keptMerges()
    const merged = merges === null ? null : new MergedCells(merges, Number.POSITIVE_INFINITY)
    const handler = new SheetHandler(this.#context, { identifying: NOTHING_IDENTIFIES, merged })
    const rows: Row[] = []
    for await (const { numbers, cells } of this.#batches(handler)) {
      for (const [i, row] of cells.entries()) rows.push({ number: numbers[i] ?? 0, cells: row })
      if (rows.length >= HEADER_SEARCH) break
    }
    return rows.slice(0, HEADER_SEARCH)
  }

  /**
   * Yields all rows. Throws `ReadAgain` after the last one if the sheet has merged cells that were not known, and puts
   * them into `found`.
   */
  async *rows({ headerRow, identifying }: TableShape, found: FoundBefore): AsyncGenerator<RowBatch, void> {
    const merges = found.merges ?? (await this.#keptMerges())
    const merged = merges === null ? null : new MergedCells(merges, headerRow)
    const handler = new SheetHandler(this.#context, { identifying, merged })
    yield* this.#batches(handler)
    if (merges !== null || !handler.merges.reachBelow(headerRow)) return
    found.merges = handler.merges
    throw new ReadAgain()
  }

  async *#batches(handler: SheetHandler): AsyncGenerator<RowBatch, void> {
    // A small sheet can refer to one long text, or to the last column, in row after row.
    const expansion = new Expansion(() => this.#parts.source.size)
    const take = () => {
      expansion.add(handler.length)
      return handler.take()
    }
    for await (const _ of scan(await this.#pieces(), handler)) if (handler.rowsWaiting > 0) yield take()
    if (handler.rowsWaiting > 0) yield take()
  }

  /** Returns the merged cells of a sheet that is kept; null if it is not kept or has none. */
  async #keptMerges(): Promise<Merges | null> {
    const pieces = await this.#pieces()
    if (!Array.isArray(pieces) || !pieces.join('').includes('mergeCell')) return null
    const merges = new Merges()
    const open = (name: string, attributes: string) => merges.take(name, attributes)
    const { length } = await Array.fromAsync(
      scan(pieces, { wantsText: false, text: () => undefined, close: () => undefined, open }),
    )
    return length === 0 ? null : merges
  }

  async #pieces(): Promise<string[] | AsyncIterable<string>> {
    if (this.#entry.size > MOST_KEPT_BYTES) return partText(this.#parts, this.#entry)
    this.#kept ??= Array.fromAsync(partText(this.#parts, this.#entry))
    return this.#kept
  }
}
