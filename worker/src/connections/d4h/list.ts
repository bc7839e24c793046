import { Failure } from '../../core/failure.ts'

interface Page<T> {
  results: readonly T[]
  /** How many items the list has in all; -1 where that is not said. */
  totalSize: number
}

/** How often a list that changes while it is read is read from its beginning. */
const SWEEPS = 4

/**
 * Every item of a list that comes in pages (numbered from 0), once, page after page. An item that goes while the list is read
 * moves another to a page that was read already, and nobody would miss it: so the list is complete only when one sweep found as
 * many items as each of its pages announced. Otherwise it is read again, and what was given already is left out.
 * `until`: where the rest of a sorted list is not wanted.
 * @throws Failure `truncated` where no sweep was complete; what `page` throws.
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
      // The list ended early, or this page is one that came before.
      if (seen.size === before) break
    }
  }
  throw new Failure(
    'truncated',
    `${from} did not give the whole of a list, or the list kept changing while it was read.`,
    'Nothing was imported. Run the import again; if this goes on, ask D4H.',
  )
}
