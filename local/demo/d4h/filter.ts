import type { Item } from './answers.ts'
import type { D4hTeamData } from './team.ts'

/** Parameters that choose the size, order and number of the page. The filter ignores them. */
const PAGING = new Set(['page', 'size', 'sort', 'order'])

type Test = (item: Item, values: readonly string[]) => boolean

/**
 * Returns the filter for a query. Returns null if the query has a parameter that D4H knows and the stand-in does not,
 * because such a query must not be treated as one that finds everything.
 */
export function filterOf(query: URLSearchParams, team: D4hTeamData): ((item: Item) => boolean) | null {
  const tests: Readonly<Record<string, Test>> = {
    id: ({ id }, values) => values.includes(String(id)),
    // Unless the request says otherwise, a member with one of the team's own labels is not found by status.
    status: (item, values) =>
      values.includes(String(item.status)) && (isFalse(query.get('status_excludes_label_ids')) || !hasLabel(item)),
    status_excludes_label_ids: () => true,
    target_resource_type: (item, values) => values.includes(String(item.targetResourceType)),
    member_status: (item, values) => {
      const member = team.members.find(({ id }) => id === idOf(item.member))
      return values.includes(member?.status ?? 'DELETED')
    },
    member_id: (item, values) => values.includes(String(idOf(item.member))),
    group_id: (item, values) => values.includes(String(idOf(item.group))),
  }
  const wanted = [...new Set(query.keys())].filter((name) => !PAGING.has(name))
  const chosen = wanted.map((name) => ({ test: tests[name], values: query.getAll(name) }))
  if (chosen.some(({ test }) => test === undefined)) return null
  return (item) => chosen.every(({ test, values }) => test?.(item, values))
}

function isFalse(value: string | null): boolean {
  return value === 'false' || value === '0'
}

function hasLabel({ customStatus }: Item): boolean {
  return idOf(customStatus) !== null
}

function idOf(resource: unknown): unknown {
  return typeof resource === 'object' && resource !== null && 'id' in resource ? resource.id : null
}
