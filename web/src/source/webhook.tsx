import { useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views.ts'
import { send } from '../api.ts'
import { useAction } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'

interface Webhook {
  url: string
  secret: string
}

/** Makes a webhook with which the remote side starts imports; its secret is shown once. */
export function WebhookBlock({ source }: { source: SourceView }) {
  const [webhook, setWebhook] = useState<Webhook | null>(null)
  const make = useAction(async () => {
    setWebhook(await send<Webhook>('POST', `/api/sources/${encodeURIComponent(source.id)}/webhook`))
  })
  return (
    <Block title="Webhook">
      <p>The program that writes the file can tell Muster at once that there is a new one.</p>
      <ProblemNotice problem={make.problem} />
      {webhook === null ? (
        <div class="option">
          <p class="muted">Making a new secret ends the one before.</p>
          <button type="button" onClick={make.run} disabled={make.busy}>
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
