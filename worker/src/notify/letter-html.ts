import { escapeHtml } from '../core/escape-html.ts'
import { aroundButton, type Block, figureWords, type Letter, type ListedCause, moreWords } from './letter.ts'

/*
 * Mail programs know less than browsers: Outlook lays out tables only, Gmail drops style sheets that it cannot read. So the light
 * colours and the layout are in the elements, and a style sheet has only the dark colours and the phone. Nothing is loaded.
 */

interface Colours {
  page: string
  surface: string
  line: string
  text: string
  muted: string
  accent: string
  onAccent: string
  waits: string
  waitsSoft: string
  failed: string
  failedSoft: string
}

/** The colours of the pages (`web/src/style/base.css`). */
const LIGHT: Colours = {
  page: '#f7f8f7',
  surface: '#ffffff',
  line: '#e1e4e0',
  text: '#1a1f1c',
  muted: '#59625c',
  accent: '#0f6b5c',
  onAccent: '#ffffff',
  waits: '#7a4b00',
  waitsSoft: '#fdf1d7',
  failed: '#a3242b',
  failedSoft: '#fceaea',
}
const DARK: Colours = {
  page: '#111416',
  surface: '#181c1f',
  line: '#2f353a',
  text: '#e8ebe9',
  muted: '#a3ada7',
  accent: '#5cc9b4',
  onAccent: '#07211c',
  waits: '#f0c066',
  waitsSoft: '#3a2d12',
  failed: '#ff9d9d',
  failedSoft: '#43201f',
}

const TONES = {
  done: { word: '', colour: 'accent', soft: 'surface' },
  problems: { word: 'Rows with problems', colour: 'waits', soft: 'waitsSoft' },
  waits: { word: 'Waits for you', colour: 'waits', soft: 'waitsSoft' },
  late: { word: 'File is late', colour: 'failed', soft: 'failedSoft' },
  failed: { word: 'Failed', colour: 'failed', soft: 'failedSoft' },
} as const satisfies Record<Letter['tone'], { word: string; colour: keyof Colours; soft: keyof Colours }>

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

/** Returns the class and the style of an element. The class gives it the same colours of the dark scheme. */
function look(
  style: string,
  colours: { text?: keyof Colours; back?: keyof Colours; line?: keyof Colours } = {},
): string {
  const { text, back, line } = colours
  const classes = [text && `t-${text}`, back && `b-${back}`, line && `l-${line}`].filter(Boolean).join(' ')
  const own = [
    style,
    text && `color:${LIGHT[text]}`,
    back && `background-color:${LIGHT[back]}`,
    line && `border-color:${LIGHT[line]}`,
  ].filter(Boolean)
  return `${classes === '' ? '' : `class="${classes}" `}style="${own.join(';')}"`
}

function darkRules(): string {
  const rules = Object.entries(DARK).map(
    ([name, value]) =>
      `.t-${name}{color:${value}!important}.b-${name}{background-color:${value}!important}.l-${name}{border-color:${value}!important}`,
  )
  return rules.join('')
}

const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){${darkRules()}}
@media (max-width:480px){.card{padding:20px 16px!important}.button{display:block!important;text-align:center!important}}`

/** Returns an e-mail as HTML. Names and values come from files and are escaped here, and nowhere else. */
export function htmlOf(letter: Letter): string {
  const { tone, about, headline, blocks, button, attachment, footer, settings } = letter
  const [above, below] = aroundButton(blocks)
  const { word, colour, soft } = TONES[tone]
  const state =
    word === ''
      ? ''
      : `<span ${look('display:inline-block;margin:0 0 12px;padding:2px 10px;border-radius:6px;font-size:13px;font-weight:600', { text: colour, back: soft })}>${word}</span>`
  const preheader = blocks.flatMap((block) => (block.kind === 'sentences' ? block.sentences : []))[0] ?? ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(`${about}: ${headline}`)}</title>
<style>${STYLE}</style>
</head>
<body ${look(`margin:0;padding:0;${FONT}`, { back: 'page' })}>
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preheader)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" ${look('', { back: 'page' })}><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px"><tr><td align="left">
<p ${look(`margin:0 0 12px 4px;font-size:13px;font-weight:600;letter-spacing:.02em;${FONT}`, { text: 'muted' })}>Muster</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" ${look('border:1px solid;border-radius:10px;border-collapse:separate', { back: 'surface', line: 'line' })}><tr><td ${look(`padding:28px 32px;font-size:15px;line-height:1.5;overflow-wrap:anywhere;${FONT}`, { text: 'text' }).replace('class="', 'class="card ')}>
${state}
<p ${look('margin:0;font-size:14px', { text: 'muted' })}>${escapeHtml(about)}</p>
<h1 style="margin:2px 0 16px;font-size:24px;line-height:1.25;font-weight:600">${escapeHtml(capital(headline))}</h1>
${above.map(blockHtml).join('\n')}
<p style="margin:20px 0"><a href="${escapeHtml(button.url)}" ${look('display:inline-block;padding:11px 20px;border-radius:6px;font-size:15px;font-weight:600;text-decoration:none', { text: 'onAccent', back: 'accent' }).replace('class="', 'class="button ')}>${escapeHtml(button.label)}</a></p>
${below.map(blockHtml).join('\n')}
${attachment === null ? '' : `<p ${look('margin:20px 0 0;font-size:13px', { text: 'muted' })}>${escapeHtml(attachment)}</p>`}
</td></tr></table>
<p ${look(`margin:16px 4px 0;font-size:13px;line-height:1.5;overflow-wrap:anywhere;${FONT}`, { text: 'muted' })}>${escapeHtml(footer)} <a href="${escapeHtml(settings.url)}" ${look('text-decoration:underline', { text: 'muted' })}>${escapeHtml(settings.label)}</a></p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'sentences':
      return block.sentences.map((one) => `<p style="margin:0 0 8px">${escapeHtml(one)}</p>`).join('\n')
    case 'items':
      return list(block.items.map(escapeHtml))
    case 'reasons':
      return `${heading(block.title)}
${block.reasons
  .map(
    ({ sentence, examples }) =>
      `<div ${look('margin:0 0 10px;padding:12px 14px;border-radius:6px', { back: 'waitsSoft', text: 'text' })}><p style="margin:0">${escapeHtml(sentence)}</p>${small(examples)}</div>`,
  )
  .join('\n')}`
    case 'figures':
      return block.groups.map(figuresHtml).join('\n')
    case 'causes':
      return `${heading(block.title)}
${block.causes.map(causeHtml).join('\n')}
${block.more === null ? '' : `<p ${look('margin:0 0 12px', { text: 'muted' })}>${escapeHtml(block.more)}</p>`}`
  }
}

function figuresHtml(group: Parameters<typeof figureWords>[0][]): string {
  const rows = group.map((figure) => {
    const [label, value, note] = figureWords(figure)
    const under = note === '' ? '' : `<br><span ${look('font-size:13px', { text: 'muted' })}>${escapeHtml(note)}</span>`
    const cell = 'padding:7px 0;border-top:1px solid;vertical-align:top'
    return `<tr><td ${look(cell, { line: 'line' })}>${escapeHtml(label)}${under}</td><td align="right" ${look(`${cell};padding-left:16px;white-space:nowrap;font-weight:600;font-variant-numeric:tabular-nums`, { line: 'line' })}>${value}</td></tr>`
  })
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:16px 0;font-size:15px;line-height:1.4">${rows.join('')}</table>`
}

function causeHtml({ words, isError, column, message, rows, more }: ListedCause): string {
  const rest = moreWords(more)
  const where =
    column === null ? '' : ` <span ${look('font-weight:400', { text: 'muted' })}>in “${escapeHtml(column)}”</span>`
  const colour = isError ? 'failed' : 'waits'
  return `<div ${look('margin:0 0 14px;padding:0 0 0 12px;border-left:3px solid', { line: colour })}>
<p style="margin:0;font-weight:600">${escapeHtml(words)}${isError ? '' : ` <span ${look('font-weight:400', { text: 'waits' })}>(warning)</span>`}${where}</p>
<p ${look('margin:2px 0 0;font-size:14px', { text: 'muted' })}>${escapeHtml(message)}</p>
${small(rest === null ? rows : [...rows, rest])}
</div>`
}

function heading(title: string): string {
  return `<h2 style="margin:24px 0 10px;font-size:17px;line-height:1.3;font-weight:600">${escapeHtml(title)}</h2>`
}

function small(lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `<p ${look('margin:6px 0 0;font-size:14px;line-height:1.5', { text: 'text' })}>${lines.map(escapeHtml).join('<br>')}</p>`
}

function list(items: readonly string[]): string {
  return `<ul style="margin:0 0 12px;padding:0 0 0 20px">${items.map((item) => `<li style="margin:0 0 6px">${item}</li>`).join('')}</ul>`
}

function capital(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())
}
