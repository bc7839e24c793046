import { Failure } from '../../core/failure.ts'

interface Page<T> {
  results: readonly T[]
  /** How many items the list has in total; -1 if D4H does not say. */
  totalSize: number
}

/** How many times a list that changes while it is read is read from its beginning. */
const SWEEPS = 4

/**
 * Yields every item of a paged list (pages are numbered from 0) once, page after page. If an item disappears while the
 * list is read, another item moves to a page that was read already and would be missed without an error. So the list is
 * complete only when one sweep finds as many items as each of its pages announced. Otherwise the list is read again,
 * without yielding an item twice. `until` ends a sorted list at the first item that is not wanted. Throws `Failure`
 * `truncated` if no sweep was complete, and what `page` throws.
 */
export async function* listed<T extends { id: number }>(
  page: (number: number) => Promise<Page<T>>,
  from: string,
  until: (item: T) => boolean = () => false,
): AsyncGenerator<T> {
  const given = new Set<number>()
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const seen = new Set<number>()
    let announced: number | null = null
    for (let number = 0; ; number++) {
      const { results, totalSize } = await page(number)
      announced ??= totalSize
      if (totalSize !== announced) break
      const before = seen.size
      for (const item of results) {
        if (until(item)) return
        seen.add(item.id)
        if (!given.has(item.id)) {
          given.add(item.id)
          yield item
        }
      }
      if (seen.size === announced || (announced === -1 && results.length === 0)) return
      // The list ended early, or this page repeats an earlier one.
      if (seen.size === before) break
    }
  }
  throw new Failure(
    'truncated',
    `${from} did not give the whole of a list, or the list kept changing while it was read.`,
    'Nothing was imported. Run the import again; if this goes on, ask D4H.',
  )
}
