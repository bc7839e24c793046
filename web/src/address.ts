/** The parts of an address: the parameters of its pattern by name, and a query. */
export interface Parts {
  query?: object | undefined
}

/**
 * Returns the address that a pattern such as `/runs/:id` and its parts make; a blank parameter of the query is left
 * out.
 */
export function addressAt(pattern: string, given: Parts): string {
  const values = new Map<string, unknown>(Object.entries(given))
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.get(name))))
  const query = Object.entries(given.query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  return query.length === 0 ? path : `${path}?${new URLSearchParams(query)}`
}
