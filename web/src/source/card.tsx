import type { SourceView } from '../../../worker/src/api/views.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { choiceOf, draftOfConnection } from '../connections/index.tsx'
import { Facts } from '../parts/page.tsx'
import { Pill } from '../parts/pill.tsx'
import { Progress } from '../parts/progress.tsx'
import { Ago, When } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { healthWord, isActive, outcome, statusWord } from '../words.ts'
import { ImportNow } from './import-now.tsx'

/** A source in the list, with its health, its last run and the time of the next one. */
export function SourceCard({ source }: { source: SourceView }) {
  const { lastRun, nextRuns } = source
  const [next] = nextRuns
  const health = healthWord(source)
  return (
    <li class="card">
      <div class="card-head">
        <div>
          <h2>
            <a href={hrefOf('/sources/:id', { id: source.id })}>{source.name}</a>
          </h2>
          <p class="muted">{choiceOf(draftOfConnection(source.connection))?.label}</p>
        </div>
        <Pill {...health} />
      </div>
      {lastRun !== null && isActive(lastRun.status) ? (
        <Progress run={lastRun} />
      ) : (
        <Facts
          items={[
            ['Last run', lastRun === null ? 'None yet' : <LastRun run={lastRun} />],
            ['Next run', next === undefined ? notDue(source) : <When at={next} {...zoneOf(source)} />],
          ]}
        />
      )}
      <div class="actions">
        {source.held !== null ? (
          <a class="button primary" href={hrefOf('/runs/:id', { id: source.held.runId })}>
            Look and decide
          </a>
        ) : null}
        <ImportNow source={source} stay />
      </div>
    </li>
  )
}

/** Returns a source’s time zone as a property of `When`, or no property if the source has no schedule. */
function zoneOf({ schedule }: SourceView): { zone?: string } {
  return schedule === null ? {} : { zone: schedule.timeZone }
}

function notDue({ enabled, schedule, connection }: SourceView): string {
  if (!enabled) return 'None while disabled'
  if (isUploaded(connection)) return 'When a file is uploaded'
  return schedule === null ? 'When you ask for it' : 'None'
}

function LastRun({ run }: { run: NonNullable<SourceView['lastRun']> }) {
  const did = run.failure === null ? outcome(run) : ''
  return (
    <span class="stack">
      <span>
        <a href={hrefOf('/runs/:id', { id: run.id })}>{statusWord(run).text}</a>{' '}
        <Ago at={run.finishedAt ?? run.createdAt} />
      </span>
      {run.failure === null ? null : <span class="small">{run.failure.message}</span>}
      {did === '' ? null : <span class="muted small">{did}</span>}
    </span>
  )
}
