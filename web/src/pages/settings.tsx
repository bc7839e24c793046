import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { SettingsView } from '../../../worker/src/api/settings.ts'
import { patch, post } from '../client.ts'
import { useAction, useLoad } from '../load.ts'
import { Combobox } from '../parts/combobox.tsx'
import { SelectField, TextField } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block, Page } from '../parts/page.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import { toast } from '../parts/toast.tsx'
import { WebhookBlock } from '../parts/webhook.tsx'
import { countryOptions, zoneOptions } from '../places.ts'
import { useMay } from '../session.ts'

const FACTOR_OPTIONS = [
  ['off', 'Optional for everybody'],
  ['administrators', 'Required for administrators'],
  ['everybody', 'Required for everybody'],
] as const

/** The settings that apply to all sources. */
export function SettingsPage() {
  const may = useMay()
  const { data, problem } = useLoad('/api/settings', {})
  return (
    <Page title="General" width="text">
      <ProblemNotice problem={problem} />
      {data === null ? (
        <Waiting shown={problem === null} />
      ) : may.configure ? (
        <>
          <Defaults saved={data} />
          <Imports saved={data} />
          <SigningIn saved={data} />
          <Twilio saved={data} />
          <WebhookBlock
            title="Texts from another service"
            purpose="The service that receives your texts can pass STOP and START on to Muster with signed calls."
            make={() => post('/api/sms-webhook', {})}
          />
          <Records />
        </>
      ) : (
        <p class="muted">Only an administrator can change the settings.</p>
      )}
    </Page>
  )
}

type Settings = Omit<SettingsView, 'twilioToken' | 'hasTwilioToken'>

interface PartProps<K extends keyof Settings> {
  title: string
  saved: Settings
  keys: readonly K[]
  children: (draft: Pick<Settings, K>, change: (part: Partial<Pick<Settings, K>>) => void) => ComponentChildren
}

/** One block of settings with its own *Save*, which is offered once something has changed. */
function Part<K extends keyof Settings>({ title, saved, keys, children }: PartProps<K>) {
  const [draft, setDraft] = useState<Partial<Pick<Settings, K>>>({})
  const save = useAction(async () => {
    await patch('/api/settings', { body: draft })
    setDraft({})
    toast('Settings saved.')
  })
  const changed = keys.some((key) => key in draft && draft[key] !== saved[key])
  return (
    <Block title={title}>
      <Form problem={save.problem} onSubmit={save.run}>
        {children({ ...saved, ...draft }, (part) => setDraft((before) => ({ ...before, ...part })))}
        <div class="actions">
          <button type="submit" class="primary" disabled={save.busy || !changed}>
            Save
          </button>
        </div>
      </Form>
    </Block>
  )
}

function Defaults({ saved }: { saved: Settings }) {
  return (
    <Part title="New sources" saved={saved} keys={['defaultTimeZone', 'defaultCountry']}>
      {(draft, change) => (
        <div class="pair">
          <Combobox
            label="Time zone of new schedules"
            hint="What a new weekly schedule starts with."
            value={draft.defaultTimeZone}
            options={zoneOptions(draft.defaultTimeZone)}
            onChange={(defaultTimeZone) => change({ defaultTimeZone })}
          />
          <Combobox
            label="Country of new sources"
            hint="For numbers without a country code."
            value={draft.defaultCountry}
            options={countryOptions()}
            onChange={(defaultCountry) => change({ defaultCountry })}
          />
        </div>
      )}
    </Part>
  )
}

function Imports({ saved }: { saved: Settings }) {
  return (
    <Part title="Imports and e-mails" saved={saved} keys={['retentionDays', 'sender']}>
      {(draft, change) => (
        <div class="pair">
          <TextField
            path="retentionDays"
            label="Days to keep imports"
            hint="After that, an import cannot be undone, and its file and report are deleted. Opt-outs are kept."
            type="number"
            value={String(draft.retentionDays)}
            onChange={(text) => change({ retentionDays: Number(text) })}
          />
          <TextField
            path="sender"
            label="Sender of e-mails"
            hint="Blank for the sender that Muster was deployed with."
            type="email"
            value={draft.sender ?? ''}
            onChange={(sender) => change({ sender: sender.trim() || null })}
          />
        </div>
      )}
    </Part>
  )
}

function SigningIn({ saved }: { saved: Settings }) {
  return (
    <Part title="Sign-in" saved={saved} keys={['secondFactor', 'idleMinutes']}>
      {(draft, change) => (
        <div class="pair">
          <SelectField
            path="secondFactor"
            label="Authenticator app"
            hint="A code from a phone, asked for after the password."
            value={draft.secondFactor}
            options={FACTOR_OPTIONS}
            onChange={(secondFactor) => change({ secondFactor })}
          />
          <TextField
            path="idleMinutes"
            label="Minutes until an idle session ends"
            hint="From 5 to 720. Each session ends after 12 hours."
            type="number"
            value={String(draft.idleMinutes)}
            onChange={(text) => change({ idleMinutes: Number(text) })}
          />
        </div>
      )}
    </Part>
  )
}

function Twilio({ saved }: { saved: SettingsView }) {
  const [token, setToken] = useState<string | undefined>(undefined)
  const save = useAction(async () => {
    await patch('/api/settings', { body: { twilioToken: token } })
    setToken(undefined)
    toast('Settings saved.')
  })
  return (
    <Block title="Texts from Twilio">
      <p class="muted">
        In Twilio, set the address for incoming messages to <code>{`${location.origin}/hooks/sms`}</code>. STOP and
        START then opt people out and in.
      </p>
      <Form problem={save.problem} onSubmit={save.run}>
        <SecretField
          key={String(saved.hasTwilioToken)}
          path="twilioToken"
          label="Twilio auth token"
          saved={saved.hasTwilioToken}
          value={token}
          onChange={setToken}
        />
        {token === undefined ? null : (
          <div class="actions">
            <button type="submit" class="primary" disabled={save.busy}>
              Save token
            </button>
          </div>
        )}
      </Form>
    </Block>
  )
}

function Records() {
  return (
    <Block title="Privacy records">
      <div class="actions">
        <a class="button" href="/api/decisions.csv" download>
          Export consent decisions
        </a>
        <a class="button" href="/settings/erasures">
          Show erased people
        </a>
      </div>
    </Block>
  )
}
