import { useState } from 'preact/hooks'
import { useAction } from '../load.ts'
import { CopyField } from './copy.tsx'
import { Notice, ProblemNotice } from './notice.tsx'
import { Block } from './page.tsx'

interface Webhook {
  url: string
  secret: string
}

interface WebhookProps {
  title: string
  /** The purpose of the webhook, in a sentence. */
  purpose: string
  /** Creates the webhook and replaces the previous one. */
  make: () => Promise<Webhook>
}

/** Creates a webhook with signed calls. Its secret is shown once. */
export function WebhookBlock({ title, purpose, make }: WebhookProps) {
  const [webhook, setWebhook] = useState<Webhook | null>(null)
  const making = useAction(async () => setWebhook(await make()))
  return (
    <Block title={title}>
      <p>{purpose}</p>
      <ProblemNotice problem={making.problem} />
      {webhook === null ? (
        <div class="option">
          <p class="muted">A new secret replaces the old one.</p>
          <button type="button" onClick={making.run} disabled={making.busy}>
            Make a webhook secret
          </button>
        </div>
      ) : (
        <>
          <CopyField path="webhook.url" label="URL" text={webhook.url} />
          <CopyField
            path="webhook.secret"
            label="Secret"
            hint="Signs each call: Muster-Signature: t=UNIX,v1=HEX, the HMAC-SHA256 of t, a full stop and the body."
            text={webhook.secret}
          />
          <Notice tone="wait">
            <p>Copy the secret now. It is not shown again.</p>
          </Notice>
        </>
      )}
    </Block>
  )
}
