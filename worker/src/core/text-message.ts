/** The request in a text message of one word; null for any other text. */
export type TextRequest = 'opted_out' | 'opted_in' | 'yes'

const WORDS: ReadonlyMap<string, TextRequest> = new Map([
  ...['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit'].map((word) => [word, 'opted_out'] as const),
  ...['start', 'unstop'].map((word) => [word, 'opted_in'] as const),
  ['yes', 'yes'],
])

const BEFORE = /^[\s\p{Cf}“”"'‘’]+/u
const AFTER = /[\s\p{P}\p{Cf}]/u

/**
 * Reads an inbound text (api: `/hooks/sms`). The message must consist of one word; its case, the space around it and
 * final punctuation do not count. `yes` opts in only after a STOP, which the caller has to know.
 */
export function readTextRequest(text: string): TextRequest | null {
  const letters = [...text.normalize('NFKC').replace(BEFORE, '')]
  const end = letters.findLastIndex((letter) => !AFTER.test(letter)) + 1
  return WORDS.get(letters.slice(0, end).join('').toLowerCase()) ?? null
}
