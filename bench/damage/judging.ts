import { Failure } from '../../worker/src/core/failure.ts'
import { openTable } from '../../worker/src/formats/table.ts'
import { formatOf, sourceOf } from '../../worker/src/testing/tables.ts'
import { ListFile } from '../catalogue/file.ts'
import { JudgedDirectory } from '../catalogue/judged-directory.ts'
import { KINDS, Organization } from '../catalogue/organization.ts'
import { Random } from '../catalogue/random.ts'
import { damaged } from './damage.ts'
import { FORMS, type WrittenFile } from './forms.ts'

/** The result of a damaged file. */
export interface Outcome {
  seed: number
  form: string
  damage: string
  /** The code of the failure, `held` if a limit stopped a part of the plan, or `applied`. */
  code: string
  /**
   * Whether the file was read in another encoding than before. Of a few accented words, a damaged one can decide that; then
   * only removals are faults.
   */
  misread: boolean
  /** What is wrong with the result; null if nothing is. */
  fault: string | null
}

/** How many damaged files are made of each list. */
const FILES_OF_A_LIST = 10
const FORMAT = formatOf()

/** Judges `count` damaged files. Each has a seed of its own, counted from `seed`, that makes the same file again. */
export async function* judgeDamage(count: number, seed: number): AsyncGenerator<Outcome> {
  for (let file = seed; file < seed + count; ) {
    const first = file - (file % FILES_OF_A_LIST)
    const list = await ImportedList.of(first)
    for (; file < Math.min(first + FILES_OF_A_LIST, seed + count); file++) yield await list.judge(file)
  }
}

/** A list that was imported from a file before the file was damaged. */
class ImportedList {
  readonly #directory: JudgedDirectory
  readonly #written: WrittenFile
  readonly #list: ListFile
  /** The encodings of the file as it was written, and as it was last read. */
  #ownEncoding: string | undefined
  #encoding: string | undefined

  private constructor(directory: JudgedDirectory, written: WrittenFile, list: ListFile) {
    this.#directory = directory
    this.#written = written
    this.#list = list
  }

  static async of(seed: number): Promise<ImportedList> {
    const random = new Random(seed)
    const organization = new Organization(random.pick(KINDS), 3 + random.below(45), random)
    const list = ListFile.of(organization.shape, organization.listed())
    const written = await random.pick(FORMS)(list.sheet(), random)
    const imported = new ImportedList(new JudgedDirectory(), written, list)
    const directory = imported.#directory
    for (let night = 0; night < 2; night++) {
      directory.apply(await imported.#plan(await written.pack(written.bytes)), true)
    }
    imported.#ownEncoding = imported.#encoding
    const present = [...directory.directory.contacts.values()].filter(({ removed }) => !removed).length
    if (present !== list.byId().size) throw new Error(`Seed ${seed}: the file was not read before it was damaged`)
    return imported
  }

  async judge(seed: number): Promise<Outcome> {
    const { bytes, names } = damaged(this.#written.bytes, new Random(seed ^ 0x5bd1e995))
    const about = { seed, form: this.#written.form, damage: names.join(', then '), misread: false }
    try {
      const { plan, reasons } = await this.#plan(await this.#written.pack(bytes))
      const waiting = new Set(reasons.flatMap(({ parts }) => parts))
      const { kept, unchanged } = this.#untouched(bytes)
      const misread = this.#encoding !== this.#ownEncoding
      const wrong = plan.changes.filter(
        ({ op, id }) =>
          (op === 'remove' && !waiting.has('remove') && kept.has(id)) ||
          (op === 'update' && !waiting.has('update') && !misread && unchanged.has(id)),
      )
      const fault =
        wrong.length === 0 ? null : `${wrong.map(({ op, id }) => `${op} ${id}`).join(', ')}: the row is intact`
      return { ...about, code: reasons.length > 0 ? 'held' : 'applied', misread, fault }
    } catch (error) {
      if (error instanceof Failure) {
        return { ...about, code: error.code, fault: error.code === 'internal' ? error.message : null }
      }
      return { ...about, code: 'error', fault: String(error instanceof Error ? error.stack : error) }
    }
  }

  #plan(bytes: Uint8Array) {
    const open = async () => {
      const table = await openTable(sourceOf(bytes), FORMAT)
      this.#encoding = table.details.encoding
      return table
    }
    return this.#directory.file(open, this.#list.shape.mapping)
  }

  /**
   * Returns the IDs of the contacts that must not be removed, and of those that must not change, as their rows are in
   * the file as before. A damaged row may have come to name one of them too, and rows of one ID add up. If the header
   * was hit, the file may say anything.
   */
  #untouched(bytes: Uint8Array): { kept: Set<string>; unchanged: Set<string> } {
    const { intact, others } = this.#written.remains(bytes)
    const [header = false, ...rows] = intact
    const kept = this.#list.cells('id').filter((_, row) => header && rows[row] === true)
    return { kept: new Set(kept), unchanged: new Set(kept.filter((id) => !others.includes(id))) }
  }
}
