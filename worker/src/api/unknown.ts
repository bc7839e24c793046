import * as z from 'zod'
import { quote } from '../core/values/text.ts'
import { isObject } from './json-object.ts'

type Schema = z.core.$ZodType

/** What is wrong with one member of a body or one parameter of a query. */
export interface InputError {
  path: string
  message: string
}

/** The most unknown members that one answer names. */
const MOST_NAMED = 20

/**
 * Returns the members of `sent` that neither `schema` nor `view` has, at any depth (invariant 15): the first `MOST_NAMED`
 * of them. Without this check a misspelt member would be ignored, and its default would apply.
 *
 * - `view`: the schema with which the resource reads back. A member that only the view has may be sent back with any value.
 * - `whole`: the value that counts, if `sent` is a part of it: a merge patch is sent without the `kind` that says which
 *   members a connection has. Without a `kind`, the members of all kinds are known.
 */
export function unknownMembers(
  schema: Schema,
  view: Schema | undefined,
  sent: unknown,
  whole: unknown = sent,
): InputError[] {
  // The rest is not looked at: each unknown name is compared with all known ones.
  return unknownIn([schema], view === undefined ? [] : [view], sent, whole, [])
    .take(MOST_NAMED)
    .toArray()
}

function* unknownIn(
  schemas: readonly Schema[],
  views: readonly Schema[],
  sent: unknown,
  whole: unknown,
  path: readonly string[],
): Generator<InputError> {
  if (typeof sent !== 'object' || sent === null) return
  const forms = schemas.flatMap((schema) => formsOf(schema, whole))
  const shown = views.flatMap((view) => formsOf(view, whole))
  if (Array.isArray(sent)) {
    const [items, shownItems] = [itemsOf(forms), itemsOf(shown)]
    for (const [index, item] of sent.entries()) {
      yield* unknownIn(items, shownItems, item, item, [...path, String(index)])
    }
    return
  }
  // A value of another form is not valid. Parsing says so, and names what is expected.
  if (!forms.some((form) => form instanceof z.ZodObject || form instanceof z.ZodRecord)) return
  for (const [name, value] of Object.entries(sent)) {
    const [members, readOnly] = [membersOf(forms, name), membersOf(shown, name)]
    const at = [...path, name]
    if (members.length > 0) yield* unknownIn(members, readOnly, value, memberValue(whole, name), at)
    else if (readOnly.length === 0) yield { path: at.join('.'), message: messageFor(name, forms.flatMap(namesOf)) }
  }
}

function itemsOf(forms: readonly Schema[]): Schema[] {
  return forms.flatMap((form) => (form instanceof z.ZodArray ? [form.element] : []))
}

function membersOf(forms: readonly Schema[], name: string): Schema[] {
  return forms.flatMap((form) => memberOf(form, name) ?? [])
}

/** Returns the objects, records and lists that a value of the schema can be, without what wraps them. */
function formsOf(schema: Schema, whole: unknown): Schema[] {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def
    const kind = memberValue(whole, discriminator)
    const { options } = schema
    const chosen = options.filter((option) => {
      const known = memberOf(option, discriminator)
      return known !== null && z.safeParse(known, kind).success
    })
    return (chosen.length > 0 ? chosen : options).flatMap((option) => formsOf(option, whole))
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => formsOf(option, whole))
  if (schema instanceof z.ZodPipe) return formsOf(schema.in, whole)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return formsOf(schema.unwrap(), whole)
  }
  return [schema]
}

/** Returns the schema of a member; null if the object has no such member. */
function memberOf(form: Schema, name: string): Schema | null {
  // A record would lose a member of this name without a word.
  if (form instanceof z.ZodRecord) return name === '__proto__' ? null : form.valueType
  if (!(form instanceof z.ZodObject)) return null
  if (Object.hasOwn(form.shape, name)) return form.shape[name] ?? null
  return form.def.catchall ?? null
}

function memberValue(whole: unknown, name: string): unknown {
  return isObject(whole) && Object.hasOwn(whole, name) ? whole[name] : undefined
}

function namesOf(form: Schema): string[] {
  return form instanceof z.ZodObject ? Object.keys(form.shape) : []
}

function messageFor(name: string, names: readonly string[]): string {
  const meant = closest(name, names)
  return `${quote(name)} is not known here.${meant === null ? '' : ` Did you mean ${quote(meant)}?`}`
}

const LONGEST_NAME = 40

/** Returns the name that was probably meant; null if none is close. */
function closest(name: string, names: readonly string[]): string | null {
  if (name.length > LONGEST_NAME) return null
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const ranked = names
    .map((known) => ({ known, edits: editsBetween(plain(name), plain(known)) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  return best !== undefined && best.edits <= Math.max(1, Math.floor(name.length / 3)) ? best.known : null
}

/** Returns how many letters must be added, left out, replaced or swapped with their neighbour to make one of the other. */
function editsBetween(one: string, other: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      const swaps = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const swapped = swaps ? (beforeLast[j - 2] ?? 0) + 1 : replaced
      row.push(Math.min(replaced, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    ;[beforeLast, last] = [last, row]
  }
  return last[other.length] ?? 0
}
