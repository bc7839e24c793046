import { type Figures, titleOf } from './figures.ts'
import { inMarkdown, tableOf } from './table.ts'

/** Returns the page `docs/performance.md` with the figures of a run. `chart` is the address of the chart beside it. */
export function pageOf(figures: Figures, chart: string): string {
  const { command, at, machine, tools, gaps, measured } = figures
  return `# Performance

Measured by \`${command}\` on ${at.slice(0, 10)}, and written by it: to change a figure, run it again. The machine: ${machine}.

Each tool brings a directory of its own into step with the same generated files, in turns, in the same run:

${tools.map(({ name, does }) => `- **${name}**: ${does}.`).join('\n')}
${gaps.length === 0 ? '' : `\nNot measured:\n\n${gaps.map((gap) => `- ${gap}`).join('\n')}\n`}
Seconds say something of this machine; the ratios, how many times as long as the other tool Muster takes, say something of
Muster. It runs here as \`npm start\` runs it: Worker, D1, R2 and queues of the local runtime share one thread, so their time
adds up. The time is from the request for a run to its end.

![The times as bars](${chart})

${measured.map((one) => `## ${titleOf(one)}\n\n${inMarkdown(tableOf(one))}`).join('\n\n')}

## What is measured

- **first import**: the directory is empty. **same bytes, 304**: the server says that the file is the one before. **same
  bytes, sent**: it sends the file again under another ETag. **1 % changed**: of a thousand contacts eight have another
  title, one has gone and one has come. **30 % deleted**: three of ten contacts have gone; no limit holds the plan.
- **contacts written** are those the run added, changed or removed; **rows written** is what D1 counts for them and for all
  else the run keeps (\`meta.rows_written\`, indexes included); **D1 queries** counts each statement of a batch.
- **peak memory** is the most that the Worker's isolate held during the work, asked for every 10 ms through the runtime's
  inspector in a round of its own, which is not timed: V8's heap in use, with the garbage not yet collected, and array
  buffers. Cloudflare ends an isolate that needs more than 128 MB.
- **ratio** is Muster's time divided by the tool's. The readers of workbooks only read: they are there for what
  reading alone costs.
`
}
