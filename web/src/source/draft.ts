import type { SettingsView } from '../../../worker/src/api/settings.ts'
import type { SourceView } from '../../../worker/src/api/views.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { type SourceSettings, sourceSettingsSchema } from '../../../worker/src/core/source.ts'
import { draftOfConnection, NEW_CONNECTION } from '../connections/index.tsx'

type Edited = Pick<
  SourceSettings,
  | 'enabled'
  | 'format'
  | 'mapping'
  | 'smsStatus'
  | 'removal'
  | 'covers'
  | 'changesOnly'
  | 'schedule'
  | 'freshness'
  | 'limits'
  | 'notify'
>

/** The part of a source that the form edits; what is not in it is left as it is (RFC 7396). */
export interface SourceDraft extends Edited {
  name: string
  connection: ConnectionDraft
}

/** What a section of the form is given. */
export interface SectionProps {
  draft: SourceDraft
  change: (part: Partial<SourceDraft>) => void
}

/** A new source, with the defaults of the API and the directory’s country. */
export function newDraft({ defaultCountry }: SettingsView): SourceDraft {
  const settings = edited(sourceSettingsSchema.parse({ format: { defaultCountry } }))
  return { name: '', connection: NEW_CONNECTION, ...settings }
}

/** A saved source as the form edits it. */
export function draftOf(source: SourceView): SourceDraft {
  return { name: source.name, connection: draftOfConnection(source.connection), ...edited(source) }
}

function edited(settings: SourceSettings): Edited {
  const { enabled, format, mapping, smsStatus, removal, covers, changesOnly, schedule, freshness, limits, notify } =
    settings
  return { enabled, format, mapping, smsStatus, removal, covers, changesOnly, schedule, freshness, limits, notify }
}
