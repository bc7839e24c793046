import type { ContactDetails } from '../contact.ts'
import { excelError } from '../values/excel-error.ts'
import { READ_AS_1252 } from '../values/misread.ts'
import { Examples, type SavedExamples } from './examples.ts'
import { contactsOf, exceeds, limit, suchAs } from './limit.ts'
import type { PlannedUpdate } from './tally.ts'

/** What takes the place of a letter that was lost or read wrongly; often some of it is lost again when cells are trimmed. */
const STAND_INS = [...'?ÂÃÄÅÆÐÑØÙ']
const OTHER_THAN_ASCII = /[^\0-\x7f]/
const OTHER_THAN_ASCII_AND_SIGNS = /[^\0-\x7f]|\?/g
const ACCENTED = /(?![\0-\x7f])\p{Script=Latin}/gu
/** Letters and signs as HTML and JSON write them: `&#252;`, `&amp;`, `\u00fc`. */
const ESCAPED = /&(?:#x?[\da-f]+|[a-z]{2,8});|\\u[\da-f]{4}/gi

/** Returns whether a text became a damaged form of another: letters were read in the wrong encoding, or lost. */
export function becameGarbled(before: string, after: string): boolean {
  if (excelError(after) !== null) return excelError(before) === null
  if (matches(after, /\ufffd/g) > matches(before, /\ufffd/g)) return true
  // A text that had some before may be HTML.
  if (before !== '' && matches(before, ESCAPED) === 0 && matches(after, ESCAPED) > 0) return true
  const misread = matches(after, READ_AS_1252) - matches(before, READ_AS_1252)
  if (misread !== 0) return misread > 0
  // What is left of both without the letters that can be damaged is the same.
  if (!OTHER_THAN_ASCII.test(before) || before === after) return false
  const plain = (text: string) => text.replace(OTHER_THAN_ASCII_AND_SIGNS, '').replace(/\s+/g, '')
  const count = (text: string, sign: string) => text.split(sign).length
  if (plain(before) !== plain(after)) return false
  const accented = accentedIn(before)
  return (
    (accented !== '' && accented !== accentedIn(after)) ||
    STAND_INS.some((sign) => count(after, sign) > count(before, sign))
  )
}

/** Returns the accented letters of a text without their accents, which people correct, and in alphabetical order. */
function accentedIn(text: string): string {
  const letters = text.match(ACCENTED) ?? []
  return letters
    .map((letter) => letter.normalize('NFD').charAt(0).toLowerCase())
    .sort()
    .join('')
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** Counts the contacts of which some text becomes damaged. */
export class GarbledTexts {
  readonly found: Examples

  /** `saved`: what an earlier message found. */
  constructor(saved?: SavedExamples) {
    this.found = new Examples(saved)
  }

  updated({ id, rank, before, after, changed }: PlannedUpdate): void {
    for (const attribute of changed) {
      const [was, becomes] = [textsOf(attribute, before), textsOf(attribute, after)]
      for (const [at, text] of becomes.entries()) {
        const old = was[at] ?? ''
        if (text === old || !becameGarbled(old, text)) continue
        const groups = attribute === 'groups' ? { groups: true as const } : {}
        this.found.add(rank, () => ({ id, name: before.name, before: old === '' ? null : old, after: text, ...groups }))
        return
      }
    }
  }
}

/** Returns the texts of an attribute that people write, each in the same place before and after an update. */
function textsOf(attribute: keyof ContactDetails, details: ContactDetails): string[] {
  switch (attribute) {
    case 'emails':
    case 'priority':
      return []
    case 'numbers':
      return details.numbers.map(({ description }) => description ?? '')
    case 'groups':
      return [details.groups.join(', ')]
    case 'fields':
      return [Object.values(details.fields).flat().join(', ')]
    default:
      return [details[attribute] ?? '']
  }
}

export const GARBLED_LIMIT = limit({
  label: 'Text would become damaged',
  unit: 'contacts',
  parts: ['update'],
  default: { percent: 2, atLeast: 4, orAtLeast: 21 },
  judge({ garbled, contacts }, setting) {
    if (!exceeds(garbled.count, contacts, setting)) return []
    const message = `The text of ${contactsOf(garbled.count)} would be damaged${suchAs(garbled.examples, ({ after }) => (after === null ? null : `“${after}”`))}. Was the file saved in another encoding?`
    return [{ message, count: garbled.count, of: contacts, examples: garbled.examples }]
  },
})
