import { useMemo } from 'preact/hooks'
import type { Page, SourceView } from '../../../worker/src/api/views.ts'
import { useLoad } from '../load.ts'

/** The sources’ names by ID; empty until they are read. */
export function useSourceNames(): ReadonlyMap<string, string> {
  const { data } = useLoad<Page<SourceView>>('/api/sources?limit=500')
  return useMemo(() => new Map(data?.items.map(({ id, name }) => [id, name])), [data])
}
