import { useState } from 'preact/hooks'
import type { SettingsView } from '../../../worker/src/api/settings.ts'
import { patch, post } from '../client.ts'
import { useAction, useLoad } from '../load.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { WebhookBlock } from '../parts/webhook.tsx'
import { useMay } from '../session.ts'

const FACTOR_OPTIONS = [
  ['off', 'Whoever wants to may use one'],
  ['administrators', 'Administrators must use one'],
  ['everybody', 'Everybody must use one'],
] as const

/** The settings that apply to all sources. */
export function SettingsPage() {
  const may = useMay()
  const { data, problem } = useLoad('/api/settings', {})
  return (
    <Page
      title="Settings"
      width="text"
      actions={
        may.configure ? (
          <a class="button" href="/api/decisions.csv" download>
            Consent decisions .csv
          </a>
        ) : null
      }
    >
      <ProblemNotice problem={problem} />
      {data === null ? (
        <Waiting shown={problem === null} />
      ) : may.configure ? (
        <>
          <SettingsForm saved={data} />
          <WebhookBlock
            title="Inbound texts"
            purpose="The service that receives texts can pass STOP and START on to Muster. Twilio needs its auth token above instead."
            make={() => post('/api/sms-webhook', {})}
          />
        </>
      ) : (
        <p class="muted">An administrator can change the settings.</p>
      )}
    </Page>
  )
}

function SettingsForm({ saved }: { saved: SettingsView }) {
  const [draft, setDraft] = useState(saved)
  const [twilioToken, setTwilioToken] = useState<string | undefined>(undefined)
  const [done, setDone] = useState(false)
  const change = (part: Partial<Omit<SettingsView, 'twilioToken'>>) => {
    setDone(false)
    setDraft((before) => ({ ...before, ...part }))
  }
  const save = useAction(async () => {
    const { twilioToken: _, hasTwilioToken: __, ...settings } = draft
    await patch('/api/settings', { body: { ...settings, ...(twilioToken === undefined ? {} : { twilioToken }) } })
    setTwilioToken(undefined)
    setDone(true)
  })
  return (
    <Form problem={save.problem} onSubmit={save.run}>
      <div class="block">
        <div class="pair">
          <TextField
            path="defaultTimeZone"
            label="Time zone of new schedules"
            hint="What a new weekly schedule starts with: an IANA name such as America/Vancouver."
            value={draft.defaultTimeZone}
            onChange={(defaultTimeZone) => change({ defaultTimeZone })}
          />
          <TextField
            path="defaultCountry"
            label="Country of new sources"
            hint="How new sources, and contacts made by hand, read numbers without a country code: two letters, such as CA or US."
            value={draft.defaultCountry}
            onChange={(text) => change({ defaultCountry: text.trim().toUpperCase() })}
          />
        </div>
        <div class="pair">
          <TextField
            path="retentionDays"
            label="Days to keep imports"
            hint="Then a run’s file, changes and report go, it can’t be undone any more, and the contacts it removed are gone for good. Opt-outs stay."
            type="number"
            value={String(draft.retentionDays)}
            onChange={(text) => change({ retentionDays: Number(text) })}
          />
          <TextField
            path="sender"
            label="Sender of e-mails"
            hint="Blank for the one Muster was set up with."
            type="email"
            value={draft.sender ?? ''}
            onChange={(sender) => change({ sender: sender.trim() || null })}
          />
        </div>
        <div class="pair">
          <SelectField
            path="secondFactor"
            label="Authenticator app"
            value={draft.secondFactor}
            options={FACTOR_OPTIONS}
            onChange={(secondFactor) => change({ secondFactor })}
          />
          <TextField
            path="idleMinutes"
            label="Minutes until an idle session ends"
            hint="From 5 to 720. A session ends after 12 hours in any case."
            type="number"
            value={String(draft.idleMinutes)}
            onChange={(text) => change({ idleMinutes: Number(text) })}
          />
        </div>
        <SecretField
          path="twilioToken"
          label="Auth token of Twilio"
          hint="Texts that come in through Twilio are signed with it. In Twilio, enter this Muster’s address followed by /hooks/sms for incoming messages."
          saved={saved.hasTwilioToken}
          value={twilioToken}
          onChange={setTwilioToken}
        />
        {done ? <Notice tone="good" title="Saved" /> : null}
        <div class="actions">
          <button type="submit" class="primary" disabled={save.busy}>
            Save
          </button>
        </div>
      </div>
    </Form>
  )
}
