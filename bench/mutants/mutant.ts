import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A deliberate bug, which some test must see. */
export interface Mutant {
  /** What goes wrong, as a sentence. No two mutants have the same one. */
  bug: string
  /** The file, from the root of the checkout. */
  file: string
  /** The text to replace. It occurs exactly once in the file. */
  text: string
  by: string
  /** The test files that are asked, from the root of the checkout. */
  tests: readonly string[]
}

/** Returns how often the text of a mutant occurs in its file below `root`. */
export function occurrences(root: string, { file, text }: Mutant): number {
  return readFileSync(join(root, file), 'utf8').split(text).length - 1
}

/**
 * Puts the bug of a mutant into the file below `root`, and returns a function that takes it out again. Throws an `Error` if
 * the text does not occur exactly once, since then nobody knows what the mutant would show.
 */
export function plant(root: string, mutant: Mutant): () => void {
  const found = occurrences(root, mutant)
  if (found !== 1) throw new Error(`“${mutant.bug}”: its text occurs ${found} times in ${mutant.file}`)
  const path = join(root, mutant.file)
  const before = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    before.replace(mutant.text, () => mutant.by),
  )
  return () => writeFileSync(path, before)
}
