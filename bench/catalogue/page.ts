import { inMarkdown } from '../table.ts'
import { accidentRows, caseLine, type Figures, nightLine, verdictLines } from './figures.ts'

/** Returns the page `docs/limits.md` with the figures of a run, and those of other seeds in a line each. */
export function pageOf(figures: Figures, others: readonly Figures[]): string {
  const missed = figures.cases.filter(({ outcome }) => outcome === 'missed' || outcome === 'misnamed')
  const stopped = figures.nights.filter(({ limits }) => limits.length > 0)
  const list = (lines: readonly string[]) =>
    lines.length === 0 ? 'None.' : lines.map((line) => `- ${line}`).join('\n')
  return `# What the limits catch

Written by \`${figures.command}\`: to change a figure, run it again. The default limits judge generated lists of five kinds
of organizations.

${list(verdictLines(figures))}
${others.map(seedLines).join('')}
Each accident happens to lists of several sizes, to a small and to a large share of the rows. It counts where it does more
harm than the default of a limit that may name it: under that floor nothing is stopped, so that ordinary nights are not.
_Harmless_ are accidents after which every contact stays as it was, such as rows that cannot be read.

A limit sees a night as a whole. If somebody joins a group on the night on which just over half of its members leave, the
group may stay at the bound; and a rota that puts 8 people in place of 18 looks like a group that lost its rows.

${inMarkdown(accidentRows(figures.cases))}

## Missed, or stopped for another reason

${list(missed.map(caseLine))}

## Ordinary nights that are stopped

${list(stopped.map(nightLine))}
`
}

function seedLines(figures: Figures): string {
  const missed = figures.cases.filter(({ outcome }) => outcome === 'missed' || outcome === 'misnamed')
  const stopped = figures.nights.filter(({ limits }) => limits.length > 0)
  const exceptions = [...missed.map(caseLine), ...stopped.map(nightLine)].map((line) => `- ${line}\n`)
  return `\nWith seed ${figures.seed}: ${verdictLines(figures).join(' ')}\n${exceptions.length > 0 ? '\n' : ''}${exceptions.join('')}`
}
