import { damagedWorkbook } from '../xml.ts'

/** A cell of Excel holds 32,767 characters; other programs write longer ones. */
const MOST_LENGTH = 2 * 1024 * 1024

/**
 * Gathers the text of a string item (ECMA-376 18.4.8, `si` and `is`): its `t`, or the `t` of all its rich text runs.
 * Phonetic runs (`rPh`), which Japanese shows above the text, are left out.
 */
export class StringItem {
  wantsText = false
  #text = ''
  #phonetic = false

  begin(): void {
    this.#text = ''
    this.#phonetic = false
    this.wantsText = false
  }

  open(name: string): void {
    if (name === 't') this.wantsText = !this.#phonetic
    else if (name === 'rPh') this.#phonetic = true
  }

  close(name: string): void {
    if (name === 't') this.wantsText = false
    else if (name === 'rPh') this.#phonetic = false
  }

  /** Adds a piece of text. Throws if the item is longer than any row may be. */
  text(text: string): void {
    this.#text += text
    if (this.#text.length > MOST_LENGTH) throw damagedWorkbook()
  }

  end(): string {
    this.wantsText = false
    return unescaped(this.#text)
  }
}

/**
 * Restores characters that XML cannot hold. They are written `_x000D_`, and such a sequence itself is written
 * `_x005F_x000D_` (ECMA-376 22.9.2.19).
 */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([\da-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
