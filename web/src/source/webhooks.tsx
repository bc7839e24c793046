import { useState } from 'preact/hooks'
import type { WebhookKind, WebhookSetting } from '../../../worker/src/core/source.ts'
import { type Answer, post } from '../client.ts'
import { useAction } from '../load.ts'
import { SelectField, TextField } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { SecretField } from '../parts/secret-field.tsx'
import type { SectionProps } from './draft.ts'

const KINDS = [
  ['slack', 'A Slack channel'],
  ['teams', 'A Teams channel'],
  ['muster', 'A program (signed)'],
] as const satisfies readonly (readonly [WebhookKind, string])[]

/** Where the address of a kind comes from, and what such an address looks like. */
const ADDRESSES: Record<WebhookKind, { hint: string; example: string }> = {
  slack: {
    hint: 'In the settings of a Slack app: Incoming Webhooks, Add New Webhook.',
    example: 'https://hooks.slack.com/services/…',
  },
  teams: {
    hint: 'In the menu of the channel: Workflows, Send webhook alerts to a channel.',
    example: 'https://….api.powerplatform.com/…',
  },
  muster: { hint: 'Gets JSON by POST, and knows by the secret that it is from Muster.', example: 'https://…' },
}

const NEW: WebhookSetting = { id: '', kind: 'slack', url: '', secret: null, hasSecret: false }
const MOST = 5

/** The addresses that get a message, beside the e-mails, when an import waits or fails. `sourceId`: of a saved source. */
export function WebhookFields({ draft, change, sourceId }: SectionProps & { sourceId: string | null }) {
  const { notify } = draft
  const { webhooks } = notify
  const set = (next: WebhookSetting[]) => change({ notify: { ...notify, webhooks: next } })
  return (
    <div class="form-part">
      <h3>Channels and programs</h3>
      <p class="muted">They also get a message when an import fails or waits for your decision. It names no contact.</p>
      {webhooks.map((webhook, index) => (
        // A new address has no ID yet, so its index is its key.
        <WebhookField
          key={webhook.id || index}
          path={`notify.webhooks.${index}`}
          webhook={webhook}
          sourceId={sourceId}
          onChange={(next) => set(webhooks.with(index, next))}
          onRemove={() => set(webhooks.toSpliced(index, 1))}
        />
      ))}
      {webhooks.length < MOST ? (
        <div class="actions">
          <button type="button" onClick={() => set([...webhooks, NEW])}>
            {webhooks.length === 0 ? 'Add a channel or program' : 'Add another'}
          </button>
        </div>
      ) : null}
    </div>
  )
}

interface WebhookProps {
  path: string
  webhook: WebhookSetting
  sourceId: string | null
  onChange: (webhook: WebhookSetting) => void
  onRemove: () => void
}

function WebhookField({ path, webhook, sourceId, onChange, onRemove }: WebhookProps) {
  const { kind, url, secret, hasSecret } = webhook
  const { hint, example } = ADDRESSES[kind]
  return (
    <div class="webhook-fields">
      <p class="hint">{hint}</p>
      <div class="pair">
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
          placeholder={example}
          required
          value={url}
          onChange={(next) => onChange({ ...webhook, url: next })}
        />
        {kind === 'muster' ? (
          <SecretField
            path={`${path}.secret`}
            label="Secret, of at least 16 characters"
            saved={hasSecret}
            value={secret}
            onChange={(next) => onChange({ ...webhook, secret: next ?? null })}
          />
        ) : null}
      </div>
      <TestAndRemove webhook={webhook} sourceId={sourceId} onRemove={onRemove} />
    </div>
  )
}

type Tested = Answer<'post', '/api/notifications/test'>

function TestAndRemove({ webhook, sourceId, onRemove }: Pick<WebhookProps, 'webhook' | 'sourceId' | 'onRemove'>) {
  const [tested, setTested] = useState<{ webhook: WebhookSetting; answer: Tested } | null>(null)
  const test = useAction(async () => {
    const answer = await post('/api/notifications/test', {
      body: { webhook, ...(sourceId === null ? {} : { sourceId }) },
    })
    setTested({ webhook, answer })
  })
  const { problem } = test
  // An answer says nothing about another address.
  const answer = tested?.webhook === webhook ? tested.answer : null
  return (
    <>
      <div class="actions">
        <button type="button" disabled={test.busy || webhook.url === ''} onClick={test.run}>
          {test.busy ? 'Sending…' : 'Send a test'}
        </button>
        <button type="button" class="link" onClick={onRemove}>
          Remove<span class="hidden"> this address</span>
        </button>
      </div>
      {problem === null ? null : <Notice tone="bad" title={problem.errors[0]?.message ?? problem.message} />}
      {answer === null ? null : answer.ok ? (
        <Notice tone="good" title="The test was taken. It should be there now." />
      ) : (
        <Notice tone="bad" title={answer.detail ?? 'The test was not taken.'} />
      )}
    </>
  )
}
