import { useMemo } from 'preact/hooks'
import { useAll } from '../load.ts'

/** Returns the names of sources by ID; empty until they are read. */
export function useSourceNames(): ReadonlyMap<string, string> {
  const { data } = useAll('/api/sources', {})
  return useMemo(() => new Map(data?.map(({ id, name }) => [id, name])), [data])
}
