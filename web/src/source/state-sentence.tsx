import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { dayAndTime } from '../format.ts'
import { hrefOf } from '../router.ts'
import { outcomeSentences } from '../run/outcome.ts'
import { isActive } from '../words.ts'

/** The state of a source in a sentence: when it was last imported and with which outcome, and when it is next. */
export function StateSentence({ source }: { source: SourceView }) {
  const { lastRun } = source
  return (
    <p class="outcome">
      {lastRun === null ? (
        'Never imported. '
      ) : isActive(lastRun.status) ? (
        <>
          <a href={hrefOf('/runs/:id', { id: lastRun.id })}>An import is running.</a>{' '}
        </>
      ) : (
        <>
          <a href={hrefOf('/runs/:id', { id: lastRun.id })}>
            {lastRun.mode === 'preview' ? 'Previewed' : lastRun.trigger === 'undo' ? 'Undone' : 'Imported'}{' '}
            {dayAndTime(lastRun.startedAt ?? lastRun.createdAt)}
          </a>
          : {outcomeSentences(lastRun)}{' '}
        </>
      )}
      {nextWords(source)}
    </p>
  )
}

function nextWords({ enabled, nextRuns, connection }: SourceView): string {
  const [next] = nextRuns
  if (!enabled) return 'It is disabled: it can be previewed, but changes nothing.'
  if (next !== undefined) return `Next import: ${dayAndTime(next)}.`
  return isUploaded(connection) ? 'It is imported when a file is uploaded.' : 'It is imported only when you ask for it.'
}
