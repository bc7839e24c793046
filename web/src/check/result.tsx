import { count, countOf } from '../format.ts'
import { Notice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { leftOutTile } from '../run/counts.tsx'
import { ProblemTable } from '../run/problem-table.tsx'
import type { Tone } from '../words.ts'
import { type Check, MOST_PROBLEMS } from './read.ts'

/** The result of the check of a file. */
export function CheckResult({ check }: { check: Check }) {
  switch (check.state) {
    case 'reading':
      return <p class="waiting muted">Reading… {check.rows === 0 ? null : `${countOf(check.rows, 'row')} so far.`}</p>
    case 'refused':
      return (
        <Notice tone="bad" title={check.message}>
          <p>{check.advice}</p>
        </Notice>
      )
    case 'checked':
      return <Found found={check.found} />
  }
}

function Found({ found: { counts, problems } }: { found: (Check & { state: 'checked' })['found'] }) {
  const tiles: [label: string, value: number, tone: Tone | null][] = [
    [counts.added === 1 ? 'contact' : 'contacts', counts.added, 'good'],
    [counts.rows === 1 ? 'row' : 'rows', counts.rows, null],
    [counts.errors === 1 ? 'row with errors' : 'rows with errors', counts.errors, 'bad'],
    [counts.warnings === 1 ? 'row with warnings' : 'rows with warnings', counts.warnings, 'wait'],
    ...leftOutTile(counts),
  ]
  const clean = counts.errors + counts.warnings === 0
  return (
    <>
      <Notice tone={counts.errors > 0 ? 'wait' : 'good'} title={verdict(counts)} />
      <Tiles items={tiles} />
      {clean ? null : (
        <Block title="What is wrong">
          {problems.length < MOST_PROBLEMS ? null : (
            <p class="muted">The first {count(MOST_PROBLEMS)} are shown; correct those and check again.</p>
          )}
          <ProblemTable problems={problems} />
        </Block>
      )}
    </>
  )
}

function verdict({ added, errors, warnings }: { added: number; errors: number; warnings: number }): string {
  if (errors > 0) return `${countOf(errors, 'row')} would be left out. The rest can be imported.`
  if (warnings > 0) return `${countOf(added, 'contact')} can be imported; some cells would not be.`
  return `${countOf(added, 'contact')} can be imported as they stand.`
}
