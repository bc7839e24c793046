/** What a text message asks for, by its one word; null where it is no such word. */
export type TextRequest = 'opted_out' | 'opted_in' | 'yes'

const WORDS: ReadonlyMap<string, TextRequest> = new Map([
  ...['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit'].map((word) => [word, 'opted_out'] as const),
  ...['start', 'unstop'].map((word) => [word, 'opted_in'] as const),
  ['yes', 'yes'],
])

/**
 * Reads an inbound text (api: `/hooks/sms`): the word must stand alone; its case, the space around it and final
 * punctuation do not count. `yes` opts in only after a STOP, which is for the caller to know.
 */
export function readTextRequest(text: string): TextRequest | null {
  const word = text
    .normalize('NFKC')
    .replace(/^[\s\p{Cf}“”"'‘’]+|[\s\p{P}\p{Cf}]+$/gu, '')
    .toLowerCase()
  return WORDS.get(word) ?? null
}
