import type { WebhookKind, WebhookSetting } from '../../../worker/src/core/source.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import type { SectionProps } from './draft.ts'

const KINDS = [
  ['slack', 'A Slack channel'],
  ['teams', 'A Teams channel'],
  ['muster', 'A program (signed)'],
] as const satisfies readonly (readonly [WebhookKind, string])[]

const NEW: WebhookSetting = { id: '', kind: 'slack', url: '', secret: null, hasSecret: false }
const MOST = 5

/** The addresses that get a message, beside the e-mails, when an import waits or fails. */
export function WebhookFields({ draft, change }: SectionProps) {
  const { notify } = draft
  const { webhooks } = notify
  const set = (next: WebhookSetting[]) => change({ notify: { ...notify, webhooks: next } })
  return (
    <div class="row-rules">
      <h3>Channels and programs</h3>
      <p class="muted">They also get a message when an import fails or waits for your decision. It names no contact.</p>
      {webhooks.map((webhook, index) => (
        // A new address has no ID yet, so its index is its key.
        <WebhookField
          key={webhook.id || index}
          path={`notify.webhooks.${index}`}
          webhook={webhook}
          onChange={(next) => set(webhooks.with(index, next))}
          onRemove={() => set(webhooks.toSpliced(index, 1))}
        />
      ))}
      {webhooks.length < MOST ? (
        <div class="actions">
          <button type="button" onClick={() => set([...webhooks, NEW])}>
            Add an address
          </button>
        </div>
      ) : null}
    </div>
  )
}

interface WebhookProps {
  path: string
  webhook: WebhookSetting
  onChange: (webhook: WebhookSetting) => void
  onRemove: () => void
}

function WebhookField({ path, webhook, onChange, onRemove }: WebhookProps) {
  const { kind, url, secret, hasSecret } = webhook
  return (
    <div class="fields-line">
      <SelectField
        path={`${path}.kind`}
        label="Send to"
        value={kind}
        options={KINDS}
        onChange={(next) => onChange({ ...NEW, kind: next })}
      />
      <TextField
        path={`${path}.url`}
        label="Address of its webhook"
        type="url"
        required
        value={url}
        onChange={(next) => onChange({ ...webhook, url: next })}
      />
      {kind === 'muster' ? (
        <SecretField
          path={`${path}.secret`}
          label="Secret"
          saved={hasSecret}
          value={secret}
          onChange={(next) => onChange({ ...webhook, secret: next ?? null })}
        />
      ) : null}
      <button type="button" class="link" onClick={onRemove}>
        Remove<span class="hidden"> this address</span>
      </button>
    </div>
  )
}
