import { aroundButton, type Block, figureWords, type Letter, moreWords } from './letter.ts'

/** Returns an e-mail as plain text, for readers and programs that show no HTML. */
export function textOf({ blocks, button, attachment, footer, settings }: Letter): string {
  const [above, below] = aroundButton(blocks)
  const parts = [
    ...above.map(linesOf),
    [`${button.label}:`, button.url],
    ...below.map(linesOf),
    ...(attachment === null ? [] : [[attachment]]),
    [footer, `${settings.label}: ${settings.url}`],
  ]
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n')
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case 'sentences':
      return block.sentences
    case 'items':
      return block.items.map((item) => `- ${item}`)
    case 'reasons':
      return [
        block.title,
        ...block.reasons.flatMap(({ sentence, examples }) => [`- ${sentence}`, ...examples.map((one) => `    ${one}`)]),
      ]
    case 'figures':
      return block.groups.flatMap((group, at) => [
        ...(at === 0 ? [] : ['']),
        ...group.map((figure) => {
          const [label, value, note] = figureWords(figure)
          return `${label}: ${value}${note === '' ? '' : ` (${note})`}`
        }),
      ])
    case 'causes':
      return [
        block.title,
        ...block.causes.flatMap(({ words, isError, column, message, rows, more }) => {
          const rest = moreWords(more)
          return [
            `- ${isError ? '' : '(warning) '}${words}${column === null ? '' : `, in “${column}”`}`,
            ...(rest === null ? rows : [...rows, rest]).map((row) => `    ${row}`),
            `    ${message}`,
          ]
        }),
        ...(block.more === null ? [] : [block.more]),
      ]
  }
}
