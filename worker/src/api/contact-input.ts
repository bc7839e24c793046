import * as z from 'zod'
import { type AttributeKey, eachText } from '../core/attributes.ts'
import { type ContactDetails, NUMBER_TYPES, PRIORITIES } from '../core/contact.ts'
import type { Fields } from '../core/field.ts'
import { nameSchema } from '../core/name.ts'
import { readEmails } from '../core/values/email.ts'
import { readGroups } from '../core/values/groups.ts'
import { readId } from '../core/values/id.ts'
import { readNumber } from '../core/values/phone.ts'
import { cleanLine } from '../core/values/text.ts'
import type { Value } from '../core/values/value.ts'
import { fieldsInput } from './field-input.ts'

const text = z.string().overwrite(cleanLine).max(1000).nullable().default(null)

/** Reads a text with a rule for cells, so that a manual contact follows the same rules as an imported one. */
function read<T>(rule: (cell: string) => Value<T>, what: string) {
  return z
    .string()
    .max(1000)
    .transform((cell, context) => {
      const value = rule(cell)
      if (value.kind === 'value' && value.findings.length === 0) return value.value
      context.addIssue({ code: 'custom', message: value.findings[0]?.message ?? `Enter ${what}.` })
      return z.NEVER
    })
}

/**
 * Returns the schema of a contact as a person enters it. `country`: for numbers without `+`. `before`: the contact's
 * current custom fields, null for a new contact.
 */
export function contactSchema(country: string, fields: Fields, before: ContactDetails['fields'] | null) {
  const number = z
    .object({
      number: z.string().max(100),
      type: z.enum(NUMBER_TYPES).default('mobile'),
      description: text,
      extension: text,
    })
    .transform((entered, context) => {
      const value = readNumber(entered.number, country)
      if (value.kind === 'value')
        return {
          ...value.value,
          extension: entered.extension ?? value.value.extension,
          type: entered.type,
          description: entered.description,
        }
      context.addIssue({ code: 'custom', path: ['number'], message: value.findings[0]?.message ?? 'Enter a number.' })
      return z.NEVER
    })
  return z.object({
    id: read(readId, 'an ID'),
    name: nameSchema(500),
    ...eachText(() => text),
    numbers: z.array(number).max(50).default([]),
    emails: z.array(read(readEmails, 'an e-mail address')).max(50).default([]),
    priority: z.enum(PRIORITIES).default('normal'),
    groups: z.array(read(readGroups, 'a group')).max(500).default([]),
    fields: fieldsInput(fields, country, before),
  } satisfies Record<AttributeKey | 'id', z.ZodType>)
}
export type ContactInput = z.output<ReturnType<typeof contactSchema>>

/** Converts the input to a contact's details and the names of its groups. */
export function detailsOf(input: ContactInput): { details: ContactDetails; groups: string[] } {
  const groups = input.groups.flat()
  return {
    groups: groups.map((group) => group.spelling),
    details: {
      name: input.name,
      ...eachText((key) => input[key]),
      numbers: input.numbers.map(({ number, type, description, extension }) => ({
        number,
        type,
        description,
        extension,
      })),
      emails: [...new Set(input.emails.flat())],
      priority: input.priority,
      groups: [...new Set(groups.map((group) => group.key))].sort(),
      fields: input.fields,
    },
  }
}
