import { type Figures, titleOf, type Watched } from './figures.ts'
import { GOALS, type GoalName, judgedFigures } from './goals.ts'
import { inMarkdown, shownFigure, tableOf, tableOfFigures } from './table.ts'

/** Returns the page `docs/performance.md` with the figures of a run. `chart` is the address of the chart beside it. */
export function pageOf(figures: Figures, chart: string): string {
  const { command, at, machine, tools, gaps, measured, scenarios, leftOut, quick, again = [] } = figures
  return `# Performance

Measured by \`${command}\` on ${at.slice(0, 10)}, and written by it: to change a figure, run it again. The machine: ${machine}.
${again.map(againLine).join('')}${quick ? '\nThis was a short measurement (`--quick`): fewer sizes, fewer rounds.\n' : ''}${leftOut.length === 0 ? '' : `\n**Left out of this run**: ${leftOut.map((name) => `\`${name}\``).join(', ')}. \`npm run bench -- --all --write\` measures everything.\n`}
## Goals

${inMarkdown(goalsOf(figures))}
${triedOf(figures)}
## Whole imports beside other tools

Each tool brings a directory of its own into step with the same generated files, in turns, in the same run:

${tools.map(({ name, does }) => `- **${name}**: ${does}.`).join('\n')}
${gaps.length === 0 ? '' : `\nNot measured:\n\n${gaps.map((gap) => `- ${gap}`).join('\n')}\n`}
Seconds say something of this machine; the ratios, how many times as long as the other tool Muster takes, say something of
Muster. It runs here as \`npm start\` runs it: Worker, D1, R2 and queues of the local runtime share one thread, so their time
adds up. The time is from the request for a run to its end.

![The times as bars](${chart})

${measured.map((one) => `### ${titleOf(one)}\n\n\`npm run bench -- ${sizeOf(one.size)}\`\n\n${inMarkdown(tableOf(one))}`).join('\n\n')}

${scenarios.map((one) => sectionOf(one, figures.beside)).join('\n\n')}

## What is measured

- **first import**: the directory is empty. **same bytes, 304**: the server says that the file is the one before. **same
  bytes, sent**: it sends the file again under another ETag. **1 % changed**: of a thousand contacts eight have another
  title, one has gone and one has come. **30 % deleted**: three of ten contacts have gone; no limit holds the plan.
- **contacts written** are those the run added, changed or removed; **rows written** is what D1 counts for them and for all
  else the run keeps (\`meta.rows_written\`, indexes included); **D1 queries** counts each statement of a batch.
- **live memory** is what the Worker's isolate holds after a collection of garbage: V8's heap and array buffers. In a round of
  its own, which is not timed, the Worker stops at each yield of the thread and before each call of D1 and R2, at most five
  times a second and always before it writes a large file, until the inspector has collected and measured. So no phase is
  missed, however busy the isolate is. The figure cannot see what is held only between two of these places, the garbage that
  V8 has not collected yet, or streams that the runtime holds outside of the isolate. Cloudflare ends an isolate that needs
  more than 128 MB.
- **process** is the most memory of the local runtime's process in that round (\`VmHWM\`, reset before each work). It has all of
  the above, and D1, R2, the queues and compiled code as well, which Cloudflare keeps elsewhere. It is an upper bound that says
  little of the isolate.
- **ratio** is Muster's time divided by the tool's. The readers of workbooks only read: they are there for what
  reading alone costs.
`
}

/** Returns the table of the goals: each with what was measured, or why it was not. */
function goalsOf(figures: Figures): string[][] {
  const names = Object.keys(GOALS) as GoalName[]
  return [
    ['goal', 'at most', 'measured', ''],
    ...names.map((name) => {
      const { says, most, unit } = GOALS[name]
      const value = measuredFor(figures, name)
      const verdict = value === null ? 'not measured in this run' : value <= most ? 'met' : '**not met**'
      return [says, shownFigure(most, unit), value === null ? '–' : shownFigure(value, unit), verdict]
    }),
  ]
}

/** Returns the worst figure that a goal judges; null if nothing was measured for it. */
function measuredFor({ measured, scenarios }: Figures, name: GoalName): number | null {
  const figures = [...judgedFigures(measured), ...scenarios.flatMap((one) => one.figures)]
  const values = figures.filter(({ goal }) => goal === name).map(({ value }) => value)
  return values.length === 0 ? null : Math.max(...values)
}

/** Returns what was tried for the goals that are not met, those with the same reason together. */
function triedOf(figures: Figures): string {
  const names = Object.keys(GOALS) as GoalName[]
  const missed = names.filter((name) => (measuredFor(figures, name) ?? 0) > GOALS[name].most)
  const byReason = Map.groupBy(missed, (name): string => GOALS[name].tried || 'no reason is written down yet.')
  const lines = [...byReason].map(([tried, of]) => `- ${of.map((name) => GOALS[name].says).join('; ')}: ${tried}`)
  return lines.length === 0 ? '' : `\nNot met, and why:\n\n${lines.join('\n')}\n`
}

function sizeOf({ type, rows, rounds }: Figures['measured'][number]['size']): string {
  const short = rows % 1_000_000 === 0 ? `${rows / 1_000_000}M` : rows % 1000 === 0 ? `${rows / 1000}k` : String(rows)
  return `${short}${type === 'xlsx' ? '.xlsx' : ''}:${rounds}`
}

/** Says which figures a later run measured again. */
function againLine({ command, at, what }: NonNullable<Figures['again']>[number]): string {
  return `\nMeasured again by \`${command}\` on ${at.slice(0, 10)}: ${what.join('; ')}.\n`
}

function sectionOf({ name, title, does, seconds, figures, failed }: Watched, beside: string | null): string {
  const end = failed === null ? '' : `\n\n**Ended early:** ${failed}`
  return `## ${title}

${does} \`npm run bench -- --only ${name}\` (${seconds.toFixed(0)} s here)${end}

${inMarkdown(tableOfFigures(figures, beside))}`
}
