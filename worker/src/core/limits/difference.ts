/** Returns the values that are only in the first list. */
export function without<T>(values: readonly T[], others: readonly T[]): T[] {
  // Most lists have one value or two.
  if (others.length < 8) return values.filter((value) => !others.includes(value))
  const other = new Set(others)
  return values.filter((value) => !other.has(value))
}
