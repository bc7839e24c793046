import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { ruleText } from '../../../worker/src/core/rule-text.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { formOf } from '../connections/index.tsx'
import { Facts } from '../parts/page.tsx'
import { limitsWords } from './limits.tsx'
import { missingTitle, missingWords } from './missing.tsx'
import { reportWords } from './notify.tsx'

/** A setting with its text; a null text leaves it out. */
type Fact = [label: string, text: string | null]

/** The text of each setting in the block; null for a setting that another part of the page or only the form shows. */
const FACTS: Record<keyof SourceSettings, ((source: SourceView) => Fact) | null> = {
  enabled: null,
  format: null,
  mapping: ({ mapping, connection }) =>
    givesRecords(connection)
      ? ['Fields', mapping === null ? 'The standard ones' : `${mapping.length} imported`]
      : ['Columns', mapping === null ? 'Those of the template' : `Its own, ${mapping.length} imported`],
  rows: ({ rows, connection }) => [
    givesRecords(connection) ? 'Contacts' : 'Rows',
    rows.length === 0 ? null : rows.map((rule) => upperFirst(ruleText(rule))).join('; '),
  ],
  smsStatus: null,
  changesOnly: ({ changesOnly, connection }) => [
    'Scheduled imports fetch',
    changesOnly && givesRecords(connection) ? 'Only what has changed' : null,
  ],
  removal: (source) => [missingTitle(source.connection), missingWords(source)],
  covers: null,
  schedule: null,
  freshness: null,
  limits: (source) => ['Safety limits', limitsWords(source)],
  hold: ({ hold }) => ['Over a limit', hold === 'whole' ? 'The whole import waits' : null],
  notify: (source) => ['Reports', reportWords(source)],
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The settings of a source in words, as the seed’s *Import Settings* block shows them. */
export function SettingsFacts({ source }: { source: SourceView }) {
  const { connection } = source
  const facts = Object.values(FACTS).flatMap((fact) => (fact === null ? [] : [fact(source)]))
  return <Facts items={[...formOf(connection).summary(connection), ...facts]} />
}
