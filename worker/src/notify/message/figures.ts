import { noChanges, noCounts } from '../../core/counts.ts'
import { type RunRow, runFigures } from '../../store/runs.ts'
import type { SourceRow } from '../../store/sources.ts'
import type { Block, Figure } from '../letter.ts'
import { number, sentences } from './words.ts'

/** Returns the figures of an import, which add up (`core/figures.ts`). Contacts come first, then rows. */
export function figureBlock(run: RunRow): Block {
  const counts = { ...noCounts(), ...run.counts }
  const { added, updated, removed } = run.applied ?? noChanges()
  const { met, imported, waiting, left, withErrors, rest } = runFigures(run)
  const why = run.status === 'failed' ? 'because the import failed' : 'because that was rejected'
  const restOfRemovals = run.status === 'held' ? 'Waiting to be removed' : `Not removed, ${why}`
  const withoutId = `${number.format(counts.withoutId)} of them without an ID that can be read`
  const parts = [`added ${number.format(added)}`, `updated ${number.format(updated)}`]
  return {
    kind: 'figures',
    groups: [
      [
        { label: 'Contacts that met the criteria', count: met },
        {
          label: 'Imported',
          count: imported,
          note: [...parts, `unchanged ${number.format(counts.unchanged)}`].join(', '),
        },
        ...ifAny('Waiting', waiting),
        ...ifAny(`Not imported, ${why}`, left),
        { label: 'Not imported, because of errors', count: withErrors },
      ],
      [
        { label: 'Removed', count: removed },
        ...ifAny(restOfRemovals, rest.removed),
        ...ifAny('Missing but not removed, because a row with an error may be theirs', counts.protected),
        ...ifAny('Opted out by the source', counts.optOuts),
      ],
      [
        { label: 'Rows with errors', count: counts.errors, ...(counts.withoutId > 0 && { note: withoutId }) },
        { label: 'Rows with warnings', count: counts.warnings },
        ...ifAny('Rows left out: no contact, such as a total, or left out by a rule of the source', counts.leftOut),
      ],
    ],
  }
}

function ifAny(label: string, count: number): Figure[] {
  return count === 0 ? [] : [{ label, count }]
}

/** Tells of an import that found nothing new, with its figures. */
export function unchangedBlocks(run: RunRow, source: SourceRow): Block[] {
  const { met, withErrors } = runFigures(run)
  const figures = [
    { label: 'Contacts that met the criteria', count: met },
    ...ifAny('Unchanged since the last time', met - withErrors),
    ...ifAny('Not imported, because of errors', withErrors),
  ]
  return [
    sentences(`The import of ${source.name} found nothing new since the last time.`),
    { kind: 'figures', groups: [figures] },
  ]
}

/** Returns the figures of an undo, which has no file and so no criteria. */
export function undoBlock({ counts, applied }: RunRow): Block {
  const { added, updated, removed } = applied ?? noChanges()
  return {
    kind: 'figures',
    groups: [
      [
        { label: 'Brought back', count: added },
        { label: 'Changed back', count: updated },
        { label: 'Removed again', count: removed },
        ...ifAny('Left as they are', counts?.unchanged ?? 0),
      ],
    ],
  }
}
