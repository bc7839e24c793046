import { useState } from 'preact/hooks'
import type { SourceSettings } from '../../../worker/src/core/source.ts'
import { RadioField } from '../parts/choice.tsx'
import { Field } from '../parts/field.tsx'
import { WEBHOOK_NAMES } from '../words.ts'
import type { SectionProps } from './draft.ts'
import { WebhookFields } from './webhooks.tsx'

const WHEN = { always: 'after every import', problems: 'only with new problems', never: 'never' } as const
const NO_RECIPIENTS = 'No recipients: all administrators get new errors'

/** Returns who gets a report and when, in a few words. */
export function reportWords({ notify: { emails, when, webhooks } }: Pick<SourceSettings, 'notify'>): string {
  return [
    when === 'never' ? 'None' : emails.length === 0 ? NO_RECIPIENTS : `${emails.join(', ')}, ${WHEN[when]}`,
    ...webhooks.map(({ kind }) => `${WEBHOOK_NAMES[kind]} when one fails or waits`),
  ].join('; ')
}

/** The recipients of e-mails about runs, and when they get one (seed: Notification). `sourceId`: null for a new source. */
export function NotifyFields({ draft, change, sourceId }: SectionProps & { sourceId: string | null }) {
  const { notify } = draft
  const [text, setText] = useState(notify.emails.join('\n'))
  const set = (typed: string) => {
    setText(typed)
    change({ notify: { ...notify, emails: typed.split(/[\s,;]+/).filter((email) => email !== '') } })
  }
  return (
    <>
      <Field
        path="notify.emails"
        label="E-mail addresses"
        hint="One on each line. With none, all administrators get the e-mails: on new errors, and on imports that fail or wait for a decision."
      >
        {(control) => (
          <textarea
            {...control}
            rows={Math.max(2, notify.emails.length + 1)}
            spellcheck={false}
            value={text}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )}
      </Field>
      <RadioField
        path="notify.when"
        legend="Send a report"
        value={notify.when}
        options={[
          { value: 'always', label: 'After every import' },
          { value: 'problems', label: 'Only when there are new problems' },
          { value: 'never', label: 'Never', hint: 'You still hear of imports that fail or wait for your decision.' },
        ]}
        onChange={(when) => change({ notify: { ...notify, when } })}
      />
      <WebhookFields draft={draft} change={change} sourceId={sourceId} />
    </>
  )
}
