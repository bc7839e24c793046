import { type Figures, type Measured, titleOf } from './figures.ts'
import type { Result } from './measure.ts'

const WIDTH = 860
const LABELS = 230
const BARS = 520
const LINE = 18
const BAR = 12
const GROUP_GAP = 10
const PANEL_GAP = 34

/** Colours for a light and a dark page. The words carry all the information that the colours do. */
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 14px; font-weight: 600 }
.work { font-weight: 600 }
.own { fill: #0b6bcb }
.other { fill: #8c959f }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .own { fill: #58a6ff } .other { fill: #7d8590 } }`

/** Draws the times as bars in SVG, with one panel for each size. Each panel has its own scale. */
export function chartOf(figures: Figures): string {
  let top = 8
  const panels = figures.measured.map((measured) => {
    const panel = panelOf(measured, top)
    top = panel.end + PANEL_GAP
    return panel.svg
  })
  const size = `width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="How long each tool took">
<style>${STYLE}
</style>
${panels.join('\n')}
</svg>
`
}

function panelOf(measured: Measured, start: number): { svg: string; end: number } {
  const longest = Math.max(...measured.results.map((result) => result.seconds))
  let top = start + LINE
  const lines = [text(0, top, 'title', titleOf(measured))]
  let before: Result | undefined
  for (const result of measured.results) {
    top += LINE
    if (result.work !== before?.work) {
      top += GROUP_GAP
      lines.push(text(0, top, 'work', result.work))
    }
    const width = Math.max(1, (result.seconds / longest) * BARS)
    const kind = result.own ? 'own' : 'other'
    lines.push(
      text(LABELS - 8, top, 'tool', result.tool, 'end'),
      `<rect class="${kind}" x="${LABELS}" y="${top - BAR + 2}" width="${width.toFixed(1)}" height="${BAR}"/>`,
      text(LABELS + width + 6, top, 'seconds', `${result.seconds.toFixed(2)} s`),
    )
    before = result
  }
  return { svg: lines.join('\n'), end: top }
}

function text(x: number, y: number, kind: string, words: string, anchor: 'start' | 'end' = 'start'): string {
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${words}</text>`
}
