import { Failure } from '../../core/failure.ts'
import type { ZipEntry } from '../container/zip.ts'
import { damagedWorkbook, type XmlHandler } from '../xml.ts'
import { type Package, scanPart } from './part.ts'
import { StringItem } from './string-item.ts'

const STRINGS_PER_BLOCK = 512
/**
 * How much memory the distinct texts of a workbook may take, in bytes. A million texts of 20 letters take 24 million.
 */
const MOST_BYTES = 32 * 1024 * 1024

/**
 * The texts that cells refer to by index. A million separate strings would cost twice their letters, so the texts are
 * kept end to end in long strings, and `get` returns slices.
 */
export class SharedStrings {
  readonly #blocks: string[] = []
  #starts = new Uint32Array(STRINGS_PER_BLOCK)
  #count = 0
  #pending: string[] = []
  #pendingLength = 0
  #bytes = 0

  /** Adds the next text. Throws `too_large`. */
  add(text: string): void {
    if (this.#count === this.#starts.length) {
      const longer = new Uint32Array(this.#starts.length * 2)
      longer.set(this.#starts)
      this.#starts = longer
    }
    this.#starts[this.#count++] = this.#pendingLength
    this.#pending.push(text)
    this.#pendingLength += text.length
    // A text is held twice until its block is closed, so one block must not grow with the file.
    if (this.#bytes + this.#pendingLength > MOST_BYTES) throw tooManyTexts()
    if (this.#pending.length === STRINGS_PER_BLOCK) this.close()
  }

  /** Closes the current block. Call it once more after the last text. */
  close(): void {
    const block = this.#pending.join('')
    this.#pending = []
    this.#pendingLength = 0
    this.#blocks.push(block)
    // A JavaScript engine keeps a string with a letter beyond Latin-1 at two bytes a letter.
    this.#bytes += (/[^\0-\xff]/.test(block) ? 2 : 1) * block.length + 4 * STRINGS_PER_BLOCK
  }

  /** Returns the text with this index. Throws if there is no such text. */
  get(index: number): string {
    const block = this.#blocks[Math.floor(index / STRINGS_PER_BLOCK)]
    const start = this.#starts[index]
    if (block === undefined || start === undefined || index >= this.#count) throw damagedWorkbook()
    const next = index + 1
    const end = next === this.#count || next % STRINGS_PER_BLOCK === 0 ? block.length : this.#starts[next]
    return block.slice(start, end)
  }
}

/** Reads the shared strings part. A workbook without the part has no shared strings. */
export async function readSharedStrings(parts: Package, entry: ZipEntry | null): Promise<SharedStrings> {
  const strings = new SharedStrings()
  if (entry !== null) {
    const item = new StringItem()
    const handler: XmlHandler = {
      get wantsText() {
        return item.wantsText
      },
      open(name) {
        if (name === 'si') item.begin()
        else item.open(name)
      },
      close(name) {
        if (name === 'si') strings.add(item.end())
        else item.close(name)
      },
      text: (text) => item.text(text),
    }
    await scanPart(parts, entry, handler)
  }
  strings.close()
  return strings
}

function tooManyTexts(): Failure {
  return new Failure(
    'too_large',
    'The Excel workbook holds more different texts than can be read at once.',
    'Save it as .csv instead, which can be of any size.',
  )
}
