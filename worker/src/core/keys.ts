/** Returns the keys of a table in their order. An array that is made so can be the values of a `z.enum`. */
export function keysOf<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[]
}
