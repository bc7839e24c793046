import type * as z from 'zod'
import { storedConnectionSchema } from '../connections/schema.ts'
import { readBack, type Secrets, withoutSecrets, withSecrets } from '../connections/secrets.ts'
import { sourceSettingsSchema } from '../core/source.ts'
import { nextRuns } from '../schedule/due.ts'
import { mayAct, type Role } from '../security/roles.ts'
import type { RunRow } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { heldView } from './run-view.ts'
import type { RunView } from './views/run.ts'
import type { ConnectionView, SourceView } from './views/source.ts'

/** Returns a source as the API shows it to a role. Of `secrets` it shows only which are set. */
export function sourceView(
  source: SourceRow,
  last: RunView | null,
  held: RunRow | null,
  now: number,
  secrets: Secrets,
  role: Role,
): SourceView {
  const settings = settingsOf(source)
  const { schedule, connection } = settings
  const part = mayAct(role, 'manager') ? 'all but the query' : 'host and file'
  return {
    ...settings,
    id: source.id,
    connection: readBack(withSecrets(connection, secrets), part) as ConnectionView,
    mappingVersion: source.mappingVersion,
    nextRuns:
      schedule === null || !source.enabled
        ? []
        : nextRuns(schedule, source.id, new Date(now), 5).map((date) => date.toISOString()),
    lastRun: last,
    held: heldView(held),
    health: healthOf(source, last, held),
    fileChangedAt: source.fileChangedAt === null ? null : new Date(source.fileChangedAt).toISOString(),
  }
}

/**
 * Returns the settings of a source as this version knows them, so that what `GET` gives can be sent back: an older
 * version may have stored members that are refused today. Settings that are no longer valid are returned as they are
 * stored.
 */
export function settingsOf({ name, connection, settings }: Pick<SourceRow, 'name' | 'connection' | 'settings'>) {
  // An older version stored the query of an address in it.
  const { open } = withoutSecrets(known(storedConnectionSchema, connection))
  return { name, connection: open, ...known(sourceSettingsSchema, settings) }
}

function known<T>(schema: z.ZodType<T>, stored: T): T {
  return schema.safeParse(stored).data ?? stored
}

/** What a source's health depends on of its last run. */
type LastRun = { status: RunView['status']; counts: Pick<RunView['counts'], 'errors'> }

/** Returns a source's health. A held run and a late file count more than a last run that ended well. */
export function healthOf(source: SourceRow, last: LastRun | null, held: RunRow | null): SourceView['health'] {
  const ended = endedHealth(source, last)
  if (held !== null && ['ok', 'undone', 'problems'].includes(ended)) return 'held'
  return source.lateAt === null || ['disabled', 'running', 'held', 'failing'].includes(ended) ? ended : 'late'
}

function endedHealth(source: SourceRow, last: LastRun | null): SourceView['health'] {
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
      return (last?.counts.errors ?? 0) > 0 ? 'problems' : 'ok'
  }
}
