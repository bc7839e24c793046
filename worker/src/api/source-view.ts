import { factsOf } from '../connections/facts.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import { nextRuns } from '../schedule/due.ts'
import type { RunRow } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { runView } from './run-view.ts'
import type { ConnectionView, SourceView } from './views.ts'

/** Returns a source as the API shows it. `secrets` has the names of the secrets that are set. */
export function sourceView(
  source: SourceRow,
  last: RunRow | null,
  now: number,
  secrets: Record<string, string>,
): SourceView {
  const { schedule } = source.settings
  return {
    ...source.settings,
    id: source.id,
    name: source.name,
    connection: connectionView(source.connection, secrets),
    mappingVersion: source.mappingVersion,
    nextRuns:
      schedule === null || !source.enabled
        ? []
        : nextRuns(schedule, source.id, new Date(now), 5).map((date) => date.toISOString()),
    lastRun: last === null ? null : runView(last),
    health: health(source, last),
    fileChangedAt: source.fileChangedAt === null ? null : new Date(source.fileChangedAt).toISOString(),
  }
}

function connectionView(connection: ConnectionSettings, secrets: Record<string, string>): ConnectionView {
  const has = factsOf(connection).secrets.map((field) => [hasField(field), secrets[field] !== undefined])
  return { ...connection, ...Object.fromEntries(has) }
}

/** Returns the name of the member for whether a secret is set: `hasPassword` for `password`. */
export function hasField(field: string): string {
  return `has${field.charAt(0).toUpperCase()}${field.slice(1)}`
}

/** Returns a source's health. A late file counts more than a last run that ended well. */
function health(source: SourceRow, last: RunRow | null): SourceView['health'] {
  const ended = endedHealth(source, last)
  return source.lateAt === null || ['disabled', 'running', 'held', 'failing'].includes(ended) ? ended : 'late'
}

function endedHealth(source: SourceRow, last: RunRow | null): SourceView['health'] {
  if (!source.enabled) return 'disabled'
  if (source.baseline?.undone !== undefined && last?.status === 'succeeded') return 'undone'
  switch (last?.status) {
    case undefined:
      return 'new'
    case 'queued':
    case 'fetching':
    case 'planning':
    case 'applying':
      return 'running'
    case 'held':
      return 'held'
    case 'failed':
      return 'failing'
    case 'previewed':
      return source.failing === null ? 'ok' : 'failing'
    default:
      return (last?.counts?.errors ?? 0) > 0 ? 'problems' : 'ok'
  }
}
