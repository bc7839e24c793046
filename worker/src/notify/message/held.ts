import { type ChangeCounts, noChanges, noCounts } from '../../core/counts.ts'
import type { Example } from '../../core/limits/examples.ts'
import { waitingChanges } from '../../store/held-runs.ts'
import { changesOf, isOptOuts } from '../../store/plan-reading.ts'
import { rekeysOf } from '../../store/rekeys.ts'
import type { RunRow } from '../../store/runs.ts'
import type { SourceRow } from '../../store/sources.ts'
import type { Block } from '../letter.ts'
import type { SortedProblems } from '../sorted-problems.ts'
import { figureBlock } from './figures.ts'
import { problemBlocks } from './problems.ts'
import { changeWords, DONE, number, PLANNED, plain, plural, sentences } from './words.ts'

/** Returns what a held run has done and what waits: `52 added, 31 removals wait`. */
export function heldWords(run: RunRow): string {
  const nouns = waitingNouns(run)
  const { added, updated, removed } = waitingChanges(run)
  const verb = added + updated + removed === 1 ? 'waits' : 'wait'
  const waits = nouns === '' ? 'an import waits for you' : `${nouns} ${verb}`
  return [changeWords(appliedChanges(run), DONE), waits].filter((words) => words !== '').join(', ')
}

/** Returns what waits as nouns, people under new IDs first: `29 new IDs and 1 removal`; empty for nothing. */
export function waitingNouns(run: RunRow): string {
  const { added, updated, removed } = waitingChanges(run)
  const moved = movedPeople(run)
  const nouns = [
    [moved, 'new ID', 'new IDs'],
    [added, 'addition', 'additions'],
    [updated - moved, 'change', 'changes'],
    [removed, 'removal', 'removals'],
  ] as const
  return new Intl.ListFormat('en').format(
    nouns.flatMap(([count, one, many]) => (count === 0 ? [] : [plural(count, one, many)])),
  )
}

function movedPeople({ plan }: RunRow): number {
  return plan === null ? 0 : (rekeysOf(plan)?.changes ?? 0)
}

/** Returns the changes of a held run that have been made, without contacts that only opt out. */
function appliedChanges(run: RunRow): ChangeCounts {
  const { added, updated, removed } = run.applied ?? noChanges()
  const onlyOptOuts = changesOf(run.plan?.sections.filter(isOptOuts) ?? []).updated
  return { added, updated: updated - onlyOptOuts, removed }
}

/** Tells what an import has done, what waits for a person, and why. */
export function heldBlocks(run: RunRow, source: SourceRow, problems: SortedProblems): Block[] {
  const { optOuts } = { ...noCounts(), ...run.counts }
  const applied = [
    changeWords(appliedChanges(run), DONE),
    // Contacts that only opt out count as updated. Here they are named as what they are.
    optOuts === 0 ? '' : plural(optOuts, 'opt-out', 'opt-outs'),
  ]
    .filter((words) => words !== '')
    .join(', ')
  return [
    sentences(`An import of ${source.name} waits for you.`),
    sentences(
      applied === '' ? 'Nothing has been changed yet.' : `This has been imported already: ${applied}.`,
      `This waits: ${waitingWords(run)}.`,
    ),
    {
      kind: 'reasons',
      title: 'Why it waits',
      reasons: (run.hold?.reasons ?? []).map(({ limit, message, examples }) => ({
        sentence: plain(message),
        examples: examples.map(limit === 'removed' || limit === 'incomplete' ? missingLine : exampleLine),
      })),
    },
    figureBlock(run),
    ...problemBlocks(problems),
  ]
}

/** Names a contact that is missing from the file: what it has is not what matters. */
function missingLine({ id, name }: Example): string {
  return plain(`${name}, ID ${id}`)
}

function exampleLine({ id, name, before, after }: Example): string {
  return plain(`${name}, ID ${id}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`)
}

/** Returns what waits in words, people under new IDs first: `29 under new IDs, 1 to remove`. */
function waitingWords(run: RunRow): string {
  const { added, updated, removed } = waitingChanges(run)
  const moved = movedPeople(run)
  const words = [
    moved === 0 ? '' : `${number.format(moved)} under new IDs`,
    changeWords({ added, updated: updated - moved, removed }, PLANNED),
  ]
  return words.filter((one) => one !== '').join(', ') || 'no change'
}
