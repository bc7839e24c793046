import type { SettingsView } from '../../../worker/src/api/settings.ts'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import { keysOf } from '../../../worker/src/core/keys.ts'
import { type SourceSettings, sourceSettingsSchema } from '../../../worker/src/core/source.ts'
import { draftOfConnection, NEW_CONNECTION } from '../connections/index.tsx'

/** The settings of a source while the form edits them. */
export interface SourceDraft extends SourceSettings {
  name: string
  connection: ConnectionDraft
}

/** The properties of a section of the form. */
export interface SectionProps {
  draft: SourceDraft
  change: (part: Partial<SourceDraft>) => void
}

/** Returns a new source with the defaults of the API and the directory’s country. */
export function newDraft({ defaultCountry }: SettingsView): SourceDraft {
  const settings = sourceSettingsSchema.parse({ format: { defaultCountry } })
  return { name: '', connection: NEW_CONNECTION, ...settings }
}

/** Returns a saved source as the form edits it. */
export function draftOf(source: SourceView): SourceDraft {
  return { name: source.name, connection: draftOfConnection(source.connection), ...edited(source) }
}

/** Returns the settings of a source without the properties that are only shown. */
function edited(settings: SourceSettings): SourceSettings {
  const entries = keysOf(sourceSettingsSchema.shape).map((key) => [key, settings[key]])
  return Object.fromEntries(entries) as SourceSettings
}

/** Returns whether two parts of a draft have the same values. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
