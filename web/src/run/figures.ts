import type { RunView } from '../../../worker/src/api/views/run.ts'
import { count } from '../format.ts'
import type { Fact } from '../parts/page.tsx'
import { changeTiles } from '../words.ts'

/** Returns the figures of a run: what became of the contacts that met the criteria, and how many rows have problems. */
export function figureFacts(run: RunView): Fact[] {
  const { counts, figures, undoes } = run
  const changed = changeTiles(run).map(([label, value]) => shown(upperFirst(label), value))
  return [
    ...(undoes === null ? [shown('Met the criteria', figures.met)] : []),
    ...changed,
    shown(undoes === null ? 'Unchanged' : 'Left as they are', counts.unchanged),
    shown('Contacts with errors', figures.withErrors),
    ifAny('Kept, though missing', counts.protected),
    ifAny('Opted out by the source', counts.optOuts),
    ...(undoes === null ? [shown('Rows', counts.rows), shown('Rows with errors', counts.errors)] : []),
    ifAny('Rows without an ID', counts.withoutId),
    ifAny('Rows with warnings', counts.warnings),
    ifAny('Rows left out', counts.leftOut),
  ]
}

function shown(name: string, value: number): Fact {
  return [name, count(value)]
}

function ifAny(name: string, value: number): Fact {
  return [name, value === 0 ? null : count(value)]
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
