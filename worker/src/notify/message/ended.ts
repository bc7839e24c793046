import { noChanges, noCounts } from '../../core/counts.ts'
import type { RunRow } from '../../store/runs.ts'
import type { SourceRow } from '../../store/sources.ts'
import type { Block } from '../letter.ts'
import { figureBlock, unchangedBlocks, undoBlock } from './figures.ts'
import { changeWords, DONE, plural, sentences } from './words.ts'

/** Returns the result of a run in a few words: `3 added, 2 rows to fix`. */
export function resultWords(run: RunRow): string {
  const { errors } = { ...noCounts(), ...run.counts }
  const changes = changeWords(run.applied ?? noChanges(), DONE)
  const nothing = run.status === 'unchanged' ? 'nothing new' : 'nothing changed'
  const toFix = errors === 0 ? [] : [plural(errors, 'row to fix', 'rows to fix')]
  return [...(run.undoes === null ? [] : ['import undone']), changes || nothing, ...toFix].join(', ')
}

/** Tells of an import that failed: why, and how far it got. */
export function failedBlocks(run: RunRow, source: SourceRow): Block[] {
  const { position, failure } = run
  return [
    // A run that fails while it is applied reports its own progress.
    sentences(`The import of ${source.name} failed${position === 0 ? ', and nothing was changed' : ''}.`),
    ...(failure === null ? [] : [sentences(failure.message, failure.advice)]),
    ...(position === 0 || run.undoes !== null ? [] : [figureBlock(run)]),
  ]
}

/** Tells of an import or an undo that has ended, or found nothing new. */
export function reportBlocks(run: RunRow, source: SourceRow): Block[] {
  if (run.status === 'unchanged') return unchangedBlocks(run, source)
  return [sentences(reportTitle(run, source)), run.undoes === null ? figureBlock(run) : undoBlock(run)]
}

function reportTitle({ status, undoes }: RunRow, { name }: SourceRow): string {
  if (undoes !== null) return `An import of ${name} has been undone; these are the changes that took it back.`
  if (status === 'held') return `The import of ${name} has finished. What waits for you is the same as before.`
  if (status === 'rejected')
    return `The import of ${name} has finished. The changes that you rejected were left out again.`
  return `The import of ${name} has finished.`
}
