/**
 * A file that can be read more than once and from any place: an R2 object, or a `File` in the browser.
 * `read()` gives all of it; `read(offset, length)` gives that range.
 */
export interface ByteSource {
  readonly name: string
  readonly size: number
  read(offset?: number, length?: number): Promise<ReadableStream<Uint8Array>>
}

/**
 * Rows in the order of the file. `numbers[i]` is the number of `cells[i]` as a spreadsheet shows it: the first row is 1,
 * a newline inside quotes adds none. Cells are the text a person sees; trailing empty cells may be left out.
 */
export interface RowBatch {
  numbers: number[]
  cells: string[][]
}
