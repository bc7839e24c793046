import { useMemo } from 'preact/hooks'
import { useAll } from '../load.ts'

/** Returns the names of users by User ID, without the users that have no User ID. Empty until the users are read. */
export function useUserNames(): ReadonlyMap<string, string> {
  const { data } = useAll('/api/users', {})
  return useMemo(() => {
    const named = data?.flatMap(({ userId, name }) => (userId === null ? [] : [[userId, name] as const]))
    return new Map(named)
  }, [data])
}

/**
 * The users to choose from by User ID, after `none`; a User ID that matches nobody stays to choose where it is
 * `chosen`.
 */
export function assignees(
  users: ReadonlyMap<string, string>,
  chosen: string,
  none: string,
): (readonly [userId: string, name: string])[] {
  const unmatched = chosen === '' || users.has(chosen) ? [] : [[chosen, `${chosen} (matches nobody)`] as const]
  return [['', none], ...users, ...unmatched]
}
