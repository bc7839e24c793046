import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import { ruleText } from '../../../worker/src/core/rule-text.ts'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { formOf } from '../connections/index.tsx'
import { Facts } from '../parts/page.tsx'
import { WEBHOOK_NAMES } from '../words.ts'
import { missingTitle } from './missing.tsx'

const WHEN = { always: 'after every import', problems: 'only with new problems', never: 'never' } as const
const NO_RECIPIENTS = 'No recipients: all administrators get new errors'

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
  removal: ({ removal, connection }) => [missingTitle(connection), removal === 'keep' ? 'Kept' : 'Removed'],
  covers: ({ covers }) => ['Covers', covers === 'directory' ? 'The whole directory' : null],
  schedule: null,
  freshness: null,
  limits: ({ limits }) => {
    const on = Object.values(limits).filter((limit) => limit !== null).length
    const all = Object.keys(limits).length
    return ['Safety limits', on === all ? 'All on' : `${on} of ${all} on`]
  },
  hold: ({ hold }) => ['Over a limit', hold === 'whole' ? 'The whole import waits' : null],
  notify: ({ notify: { emails, when, webhooks } }) => [
    'Reports',
    [
      when === 'never' ? 'None' : emails.length === 0 ? NO_RECIPIENTS : `${emails.join(', ')}, ${WHEN[when]}`,
      ...webhooks.map(({ kind }) => `${WEBHOOK_NAMES[kind]} when one fails or waits`),
    ].join('; '),
  ],
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
