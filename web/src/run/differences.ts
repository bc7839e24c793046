import type { DetailsView, HistoryEntry } from '../../../worker/src/api/views/contact.ts'
import type { ChangeView } from '../../../worker/src/api/views/run.ts'
import { ATTRIBUTE_KEYS, type AttributeKey, isAttribute, isText } from '../../../worker/src/core/attributes.ts'
import { telephone } from '../contact/telephone.ts'
import { type Definitions, fieldTexts } from '../field/definitions.ts'
import { attributeWord, NUMBER_TYPE_WORDS, PRIORITY_WORDS, SMS_WORDS } from '../words.ts'

/** An attribute of a change: its values before and after, formatted for people. A blank attribute has no values. */
export interface Difference {
  label: string
  before: string[]
  after: string[]
}

type Shown = Pick<ChangeView, 'op' | 'before' | 'after' | 'changed'> & Partial<Pick<ChangeView, 'sms'>>

/**
 * Returns a change by attribute: the differing attributes of a contact that stays, and all attributes of an addition or a
 * removal except the name, which is shown above them.
 */
export function differences({ op, before, after, sms, changed }: Shown, fields: Definitions): Difference[] {
  const stays = contactStays(op)
  const attributes = stays ? changed.filter(isAttribute) : ATTRIBUTE_KEYS.filter((key) => key !== 'name')
  const found = attributes.flatMap((attribute) =>
    attribute === 'fields' ? inFields(before, after, fields) : inOne(before, after, attribute),
  )
  if (sms)
    found.push({ label: attributeWord('smsStatus'), before: [SMS_WORDS[sms.before]], after: [SMS_WORDS[sms.after]] })
  return found
    .filter((difference) => difference.before.length + difference.after.length > 0)
    .filter(({ before: was, after: is }) => !stays || was.join('\n') !== is.join('\n'))
}

/** Returns whether a contact has values before and after a change. */
export function contactStays(op: HistoryEntry['op']): op is 'update' | 'rekey' {
  return op === 'update' || op === 'rekey'
}

function inFields(before: DetailsView | null, after: DetailsView | null, fields: Definitions): Difference[] {
  const keys = new Set([...Object.keys(before?.fields ?? {}), ...Object.keys(after?.fields ?? {})])
  return [...keys].map((key) => ({
    label: fields.get(key)?.label ?? key,
    before: fieldTexts(fields.get(key), before?.fields[key] ?? []),
    after: fieldTexts(fields.get(key), after?.fields[key] ?? []),
  }))
}

type OneValue = Exclude<AttributeKey, 'fields'>

function inOne(before: DetailsView | null, after: DetailsView | null, attribute: OneValue): Difference {
  return { label: attributeWord(attribute), before: values(before, attribute), after: values(after, attribute) }
}

function values(details: DetailsView | null, attribute: OneValue): string[] {
  if (details === null) return []
  if (attribute === 'name' || isText(attribute)) return [details[attribute] ?? ''].filter((text) => text !== '')
  switch (attribute) {
    case 'numbers':
      return details.numbers.map(numberText)
    case 'emails':
    case 'groups':
      return details[attribute]
    case 'priority':
      return [PRIORITY_WORDS[details.priority]]
  }
}

/** A number with its type and description: `+1 604 555 0100, mobile, work`. */
function numberText(number: DetailsView['numbers'][number]): string {
  const parts = [telephone(number), NUMBER_TYPE_WORDS[number.type].toLowerCase(), number.description ?? '']
  return parts.filter((part) => part !== '').join(', ')
}
