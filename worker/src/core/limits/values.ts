import { isEmpty } from '../comparing.ts'
import type { ContactDetails, ContactNumber } from '../contact.ts'
import { keysOf } from '../keys.ts'
import { without } from './difference.ts'
import { type Example, Examples, type Finding, type SavedExamples, shown } from './examples.ts'
import { contactsOf, count, exceeds, limit } from './limit.ts'
import type { PlannedUpdate } from './tally.ts'

/** The ways to reach a contact that an update can take away. */
const CHANNELS = {
  numbers: {
    values: ({ numbers }: ContactDetails) => numbers.map(({ number }) => number),
    word: 'telephone',
    question: 'Was the number type or column changed?',
  },
  mobiles: {
    values: ({ numbers }: ContactDetails) =>
      numbers.filter(({ type }) => type === 'mobile').map(({ number }) => number),
    word: 'text message',
    question: 'Was the number type or column changed?',
  },
  emails: {
    values: ({ emails }: ContactDetails) => emails,
    word: 'e-mail',
    question: 'Was the column changed?',
  },
} as const
export type Channel = keyof typeof CHANNELS
const CHANNEL_KEYS = keysOf(CHANNELS)

/** What another message needs to go on counting. */
export interface SavedValueLosses {
  changed: SavedExamples
  /** Left out by an older version. */
  attributes?: readonly (readonly [attribute: string, contacts: number])[]
  blanked: readonly (readonly [attribute: string, lost: SavedExamples])[]
  unreachable: Readonly<Record<Channel, SavedExamples>>
}

/** Counts what updates take away or exchange. */
export class ValueLosses {
  readonly changed: Examples
  /** By attribute, or `field:KEY`: the contacts in `changed` that lose or exchange a value of it. */
  readonly #attributes: Map<string, number>
  /** By attribute, `field:KEY` for custom fields: the contacts that would lose it. */
  readonly blanked: Map<string, Examples>
  readonly unreachable: Readonly<Record<Channel, Examples>>

  /** `saved`: what an earlier message found. */
  constructor(saved?: SavedValueLosses) {
    this.changed = new Examples(saved?.changed)
    this.#attributes = new Map(saved?.attributes)
    this.blanked = new Map(saved?.blanked.map(([attribute, lost]) => [attribute, new Examples(lost)]))
    this.unreachable = {
      numbers: new Examples(saved?.unreachable.numbers),
      mobiles: new Examples(saved?.unreachable.mobiles),
      emails: new Examples(saved?.unreachable.emails),
    }
  }

  /** Returns what another message needs to go on. */
  save(): SavedValueLosses {
    const { numbers, mobiles, emails } = this.unreachable
    return {
      changed: this.changed.save(),
      attributes: [...this.#attributes],
      blanked: [...this.blanked].map(([attribute, lost]) => [attribute, lost.save()]),
      unreachable: { numbers: numbers.save(), mobiles: mobiles.save(), emails: emails.save() },
    }
  }

  /** The attribute of which most contacts lose or exchange a value; null if none does. */
  get most(): { attribute: string; count: number } | null {
    let most: { attribute: string; count: number } | null = null
    for (const [attribute, n] of this.#attributes) if (n > (most?.count ?? 0)) most = { attribute, count: n }
    return most
  }

  updated(update: PlannedUpdate): void {
    const { id, rank, before, after, changed } = update
    const lost = changed.filter((attribute) => loses(attribute, before, after))
    const [first] = lost
    if (first === undefined) return
    for (const attribute of lost.flatMap((one) => (one === 'fields' ? fieldsLost(before, after) : [one])))
      this.#attributes.set(attribute, (this.#attributes.get(attribute) ?? 0) + 1)
    const example = (textOf: (of: ContactDetails) => string | null): Example => ({
      id,
      name: before.name,
      before: textOf(before),
      after: textOf(after),
    })
    const exampleOf = (attribute: keyof ContactDetails): Example => ({
      ...example((of) => textOfAttribute(of, attribute)),
      ...(attribute === 'groups' ? { groups: true as const } : {}),
    })
    this.changed.add(rank, () => exampleOf(first))
    for (const attribute of changed) {
      if (attribute === 'fields') {
        for (const [key, values] of Object.entries(before.fields)) {
          if (after.fields[key] !== undefined) continue
          this.#blank(`field:${key}`).add(rank, () => ({ id, name: before.name, before: shown(values), after: null }))
        }
      } else if (!isBlank(attribute, before) && isBlank(attribute, after)) {
        this.#blank(attribute).add(rank, () => exampleOf(attribute))
      }
    }
    if (!changed.includes('numbers') && !changed.includes('emails')) return
    for (const channel of CHANNEL_KEYS) {
      const { values } = CHANNELS[channel]
      if (values(before).length === 0 || values(after).length > 0) continue
      this.unreachable[channel].add(rank, () => example((of) => shown(values(of))))
    }
  }

  #blank(attribute: string): Examples {
    const known = this.blanked.get(attribute)
    if (known !== undefined) return known
    const made = new Examples()
    this.blanked.set(attribute, made)
    return made
  }
}

/** Returns whether an update takes a value of the attribute away or puts another in its place; a filled blank does not. */
function loses(attribute: keyof ContactDetails, before: ContactDetails, after: ContactDetails): boolean {
  if (isBlank(attribute, before)) return false
  switch (attribute) {
    case 'groups':
    case 'emails':
      return without(before[attribute], after[attribute]).length > 0
    case 'numbers':
      return without(before.numbers.map(textOfNumber), after.numbers.flatMap(textsBefore)).length > 0
    case 'fields':
      return fieldsLost(before, after).length > 0
    default:
      return true
  }
}

/** Returns the custom fields, as `field:KEY`, of which a value is taken away or exchanged. */
function fieldsLost(before: ContactDetails, after: ContactDetails): string[] {
  return Object.entries(before.fields).flatMap(([key, values]) =>
    without(values, after.fields[key] ?? []).length > 0 ? [`field:${key}`] : [],
  )
}

function textOfNumber({ number, extension, type, description }: ContactNumber): string {
  return JSON.stringify([number, extension, type, description])
}

/** Returns what a number may have been before without losing anything: its blanks may have been filled. */
function textsBefore(number: ContactNumber): string[] {
  const filled = [number, { ...number, description: null }, { ...number, extension: null }]
  return [...filled, { ...number, description: null, extension: null }].map(textOfNumber)
}

/** Returns whether an attribute is blank; the normal priority is what a blank cell gives. */
export function isBlank(attribute: keyof ContactDetails, details: ContactDetails): boolean {
  return attribute === 'priority' ? details.priority === 'normal' : isEmpty(details[attribute])
}

function textOfAttribute(details: ContactDetails, attribute: keyof ContactDetails): string | null {
  switch (attribute) {
    case 'numbers':
      return shown(details.numbers.map(({ number, ...rest }) => `${number} (${wordsOfNumber(rest)})`))
    case 'groups':
    case 'emails':
      return shown(details[attribute])
    case 'fields':
      return shown(Object.entries(details.fields).map(([key, values]) => `${key}: ${values.join(', ')}`))
    default:
      return details[attribute]
  }
}

function wordsOfNumber({ type, extension, description }: Omit<ContactNumber, 'number'>): string {
  return [type, extension === null ? '' : `ext. ${extension}`, description ?? '']
    .filter((word) => word !== '')
    .join(', ')
}

/** How many contacts would lose an attribute or a custom field, and how many have it. */
export interface BlankedAttribute {
  label: string
  found: Finding
  of: number
}

/** The contacts that would lose or exchange a value, and the attribute of which most of them would. */
export interface ChangedValues extends Finding {
  most: { label: string; count: number } | null
}

export const VALUE_LIMITS = {
  changed: limit({
    label: 'Contacts would lose or exchange a value',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 75, atLeast: 6 },
    judge({ changed, contacts }, setting) {
      if (!exceeds(changed.count, contacts, setting)) return []
      const { most } = changed
      const rest = most !== null && most.count < changed.count ? ' or other values' : ''
      const what = most === null ? 'values' : `“${most.label}”${rest}`
      const message = `${count(changed.count)} of ${contactsOf(contacts)} would change their ${what}. Was a column moved or renamed?`
      return [{ message, count: changed.count, of: contacts, examples: changed.examples }]
    },
  }),
  blanked: limit({
    label: 'One field would be blanked',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 40, atLeast: 6 },
    judge: ({ blanked }, setting) =>
      blanked
        .filter(({ found, of }) => exceeds(found.count, of, setting))
        .map(({ label, found, of }) => ({
          message: `“${label}” would be blank for ${count(found.count)} of the ${contactsOf(of)} that have it. Is the column still filled in?`,
          count: found.count,
          of,
          examples: found.examples,
        })),
  }),
  unreachable: limit({
    label: 'Contacts would lose their last number, mobile number or e-mail address',
    unit: 'contacts',
    parts: ['update'],
    default: { percent: 10, atLeast: 6 },
    judge({ unreachable, contacts }, setting) {
      const { numbers, mobiles } = unreachable
      // Contacts without any number have no mobile number either; that need not be said twice.
      const channels = CHANNEL_KEYS.filter((channel) => channel !== 'mobiles' || mobiles.count > numbers.count)
      return channels
        .map((channel) => ({ channel, found: unreachable[channel] }))
        .filter(({ found }) => exceeds(found.count, contacts, setting))
        .map(({ channel, found }) => ({
          message: `${count(found.count)} of ${contactsOf(contacts)} could no longer be reached by ${CHANNELS[channel].word}. ${CHANNELS[channel].question}`,
          count: found.count,
          of: contacts,
          examples: found.examples,
        }))
    },
  }),
}
