import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Letter } from './letter.ts'
import { htmlOf } from './letter-html.ts'
import { textOf } from './letter-text.ts'

const HOSTILE = `<img src=x onerror=alert(1)>"'&</table><script>alert(2)</script>`

/** A letter with every kind of block, in which every text is `text`. */
function letter(text: string): Letter {
  return {
    tone: 'waits',
    about: text,
    headline: text,
    blocks: [
      { kind: 'sentences', sentences: [text] },
      { kind: 'items', items: [text] },
      { kind: 'reasons', title: text, reasons: [{ sentence: text, examples: [text] }] },
      { kind: 'figures', groups: [[{ label: text, count: 1013, note: text }]] },
      {
        kind: 'causes',
        title: text,
        causes: [{ words: text, isError: true, column: text, message: text, rows: [text], more: 2 }],
        more: text,
      },
    ],
    button: { label: text, url: `https://muster.example.org/?q=${text}` },
    attachment: text,
    footer: text,
    settings: { label: text, url: `https://muster.example.org/?q=${text}` },
  }
}

describe('an e-mail as HTML', () => {
  it('no text of an e-mail can become markup', () => {
    const [hostile, harmless] = [htmlOf(letter(HOSTILE)), htmlOf(letter('x'))]
    const tags = (html: string) => html.match(/<[^>]*>/g)?.map((tag) => tag.replace(/ .*/s, '')) ?? []
    expect(tags(hostile)).toEqual(tags(harmless))
    expect(hostile).not.toContain('<img')
    expect(hostile).not.toContain('<script')
    expect(hostile).not.toMatch(/<[^>]*onerror=alert\(1\)>/)
  })

  it('an e-mail loads nothing and runs nothing', () => {
    const html = htmlOf(letter('x'))
    expect(html).not.toMatch(/<(?:img|script|link|iframe|form|video)\b|url\(|@import|javascript:/i)
    expect(html.match(/href="(?!https:\/\/muster\.example\.org\/)/g)).toBeNull()
  })

  it('every colour of an e-mail has one for the dark scheme', () => {
    const html = htmlOf(letter('x'))
    const classes = new Set([...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' ')))
    const coloured = [...classes].filter((name) => /^[tbl]-/.test(name))
    expect(coloured.length).toBeGreaterThan(5)
    for (const name of coloured) expect(html).toContain(`.${name}{`)
    // A colour without a class would stay light.
    const styled = [...html.matchAll(/<\w+([^>]*)>/g)].map(([, attributes = '']) => attributes)
    for (const attributes of styled.filter((one) => /(?<!-)color:#/.test(one))) expect(attributes).toMatch(/class="/)
  })

  it('an e-mail has no colour that the pages do not have', () => {
    const css = readFileSync(new URL('../../../web/src/style/base.css', import.meta.url), 'utf8')
    const ofPages = new Set(css.match(/#[0-9a-f]{6}/g))
    const html = htmlOf({ ...letter('x'), tone: 'problems' })
    expect(html).toContain('Rows with problems')
    expect([...new Set(html.match(/#[0-9a-f]{6}/g))].filter((colour) => !ofPages.has(colour))).toEqual([])
  })

  it('one button leads to the page, and the text has the same words', () => {
    const { button, settings, ...rest } = letter('x')
    const letterOfOne = {
      ...rest,
      button: { label: 'Review 31 removals', url: 'https://muster.example.org/runs/r1' },
      settings: { label: 'Change who gets these e-mails', url: 'https://muster.example.org/sources/s1' },
    }
    const [html, text] = [htmlOf(letterOfOne), textOf(letterOfOne)]
    expect(html.match(/class="button /g)).toHaveLength(1)
    for (const words of ['Review 31 removals', 'https://muster.example.org/runs/r1', 'Change who gets', '1,013']) {
      expect(html).toContain(words)
      expect(text).toContain(words)
    }
    expect(text).not.toMatch(/<\w/)
    expect([button.label, settings.label]).toEqual(['x', 'x'])
  })
})
