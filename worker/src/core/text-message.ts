/** The request in a text message of one word; null for any other text. */
export type TextRequest = 'opted_out' | 'opted_in' | 'yes'

const WORDS: ReadonlyMap<string, TextRequest> = new Map([
  ...['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit'].map((word) => [word, 'opted_out'] as const),
  ...['start', 'unstop'].map((word) => [word, 'opted_in'] as const),
  ['yes', 'yes'],
])

/**
 * Reads an inbound text (api: `/hooks/sms`). The message must consist of one word; its case, the space around it and
 * final punctuation do not count. `yes` opts in only after a STOP, which the caller has to know.
 */
export function readTextRequest(text: string): TextRequest | null {
  const word = text
    .normalize('NFKC')
    .replace(/^[\s\p{Cf}“”"'‘’]+|[\s\p{P}\p{Cf}]+$/gu, '')
    .toLowerCase()
  return WORDS.get(word) ?? null
}
