import * as z from 'zod'
import type { FieldDefinition, Fields } from '../core/field.ts'
import { readField } from '../core/values/field.ts'

type Values = Record<string, string[]>

/**
 * Returns the schema of custom fields as a person enters them. It reads values of their types, in the form in which an
 * import stores them, and leaves out a field without values, or with null. It does not check again values that are unchanged from
 * `before`, which is null for a new contact. `country`: for dates such as `3/4`.
 */
export function fieldsInput(fields: Fields, country: string, before: Values | null) {
  return z
    .record(z.string(), z.array(z.string().max(1000)).max(500).nullable())
    .default({})
    .transform((entered, context): Values => {
      const refused = new Set<string>()
      const refuse = (key: string, message: string) => {
        refused.add(key)
        context.addIssue({ code: 'custom', path: [key], message })
      }
      const found: Values = {}
      for (const [key, sent] of Object.entries(entered).sort(([a], [b]) => (a < b ? -1 : 1))) {
        const values = sent ?? []
        const stored = before?.[key]
        const field = fields.get(key)
        if (JSON.stringify(values) === JSON.stringify(stored)) found[key] = values
        else if (field !== undefined) {
          const read = readValues(values, field, country, (message) => refuse(key, message))
          if (read.length > 0) found[key] = read
        } else if (values.length > 0 || stored === undefined) refuse(key, `There is no field “${key}”.`)
      }
      for (const { key, label, required } of fields.values()) {
        const lacking = required && found[key] === undefined && !refused.has(key)
        if (lacking && (before === null || before[key] !== undefined))
          refuse(key, `“${label}” is required. Enter a value.`)
      }
      return found
    })
}

function readValues(
  values: readonly string[],
  field: FieldDefinition,
  country: string,
  refuse: (message: string) => void,
): string[] {
  const read = values.flatMap((value) => {
    const one = readField(value, { type: field.type, list: false }, country)
    if (one.kind === 'value' && one.findings.length === 0) return one.value
    const [finding] = one.findings
    if (finding !== undefined) refuse(finding.message)
    return []
  })
  const distinct = [...new Set(read)]
  if (distinct.length > 1 && !field.list) refuse(`“${field.label}” takes one value.`)
  return distinct
}
