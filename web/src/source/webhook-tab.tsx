import { useState } from 'preact/hooks'
import type { SourceView, WebhookView } from '../../../worker/src/api/views/source.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { type Answer, post } from '../client.ts'
import { dayAndTime } from '../format.ts'
import { useAction, useLoad, useRefresh } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Waiting } from '../parts/list.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { None, Table } from '../parts/table.tsx'
import { hrefOf } from '../router.ts'
import { UploadByProgram } from './upload.tsx'
import { curlOf, s3FunctionOf } from './webhook-examples.ts'

/** How programs reach a source: the upload of its file, or the webhook that says there is a new one. */
export function WebhookTab({ source }: { source: SourceView }) {
  if (isUploaded(source.connection)) {
    return (
      <>
        <UploadByProgram source={source} />
        <ApiBlock source={source} />
      </>
    )
  }
  return (
    <>
      <Webhook source={source} />
      <ApiBlock source={source} />
    </>
  )
}

function Webhook({ source: { id, connection } }: { source: SourceView }) {
  const loaded = useLoad('/api/sources/:id/webhook', { id })
  useRefresh(loaded, 20_000)
  const [secret, setSecret] = useState<string | null>(null)
  const { data: webhook, problem } = loaded
  if (webhook === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const shown = { url: webhook.url, secret }
  return (
    <>
      <Block title="Webhook">
        <p>The program that writes the file can tell Muster at once that there is a new one.</p>
        <CopyField path="webhook.url" label="Address" text={webhook.url} />
        {secret === null ? null : (
          <>
            <CopyField path="webhook.secret" label="Secret" text={secret} />
            <Notice tone="wait">
              <p>Copy the secret now. It is not shown again.</p>
            </Notice>
          </>
        )}
        <Secret id={id} exists={webhook.hasSecret} onMade={setSecret} />
        <CopyField path="webhook.curl" label="With curl" text={curlOf(shown)} lines={5} />
        {connection.kind === 's3' ? (
          <CopyField
            path="webhook.s3"
            label="On an event of the S3 bucket"
            hint="A Lambda function (Node.js, index.mjs) with MUSTER_SECRET in its environment. Let the bucket call it on all object create events of your file."
            text={s3FunctionOf(shown)}
            lines={15}
          />
        ) : null}
        <p class="muted">
          Each call is signed: <code>Muster-Signature: t=UNIX,v1=HEX</code>, the HMAC-SHA256 of t, a full stop and the
          body, in hexadecimal.
        </p>
      </Block>
      <Calls id={id} webhook={webhook} />
    </>
  )
}

function Secret({ id, exists, onMade }: { id: string; exists: boolean; onMade: (secret: string) => void }) {
  const [asking, setAsking] = useState(false)
  const make = useAction(async () => {
    onMade((await post('/api/sources/:id/webhook', { id })).secret)
    setAsking(false)
  })
  return (
    <div class="option">
      <p class="muted">
        {exists
          ? 'It has a secret. A new secret replaces the old one.'
          : 'It has no secret yet, so no call is accepted.'}
      </p>
      <button type="button" disabled={make.busy} onClick={() => (exists ? setAsking(true) : make.run())}>
        Make a webhook secret
      </button>
      {asking ? null : <ProblemNotice problem={make.problem} />}
      {asking ? (
        <Dialog
          title="Replace the secret?"
          confirm="Replace the secret"
          danger
          busy={make.busy}
          problem={make.problem}
          onConfirm={make.run}
          onClose={() => setAsking(false)}
        >
          <p>Programs that sign with the old secret are refused from now on.</p>
        </Dialog>
      ) : null}
    </div>
  )
}

type Tested = Answer<'post', '/api/sources/:id/webhook/test'>

function Calls({ id, webhook: { calls, hasSecret } }: { id: string; webhook: WebhookView }) {
  const [tested, setTested] = useState<Tested | null>(null)
  const test = useAction(async () => setTested(await post('/api/sources/:id/webhook/test', { id })))
  return (
    <Block
      title="Last calls"
      aside={
        hasSecret ? (
          <button type="button" onClick={test.run} disabled={test.busy}>
            Send a test
          </button>
        ) : null
      }
    >
      <ProblemNotice problem={test.problem} />
      {tested === null ? null : (
        <Notice
          tone={tested.ok ? 'good' : 'bad'}
          title={tested.ok ? 'The test call was accepted. It starts no import.' : (tested.detail ?? 'The test failed')}
        />
      )}
      {calls.length === 0 ? (
        <p class="muted">No call yet.</p>
      ) : (
        <Table
          label="Last calls"
          items={calls}
          keyOf={({ at, status, code }) => `${at} ${status} ${code}`}
          columns={[
            { head: 'When', cell: ({ at }) => dayAndTime(at) },
            { head: 'Answer', cell: (call) => <CallState {...call} /> },
            { head: 'Times', number: true, cell: ({ times }) => times },
            {
              head: 'Run',
              cell: ({ runId, test: isTest }) =>
                runId === null ? isTest ? 'Test' : <None /> : <a href={hrefOf('/runs/:id', { id: runId })}>Its run</a>,
            },
          ]}
        />
      )}
    </Block>
  )
}

const CALL_WORDS: Record<string, string> = {
  bad_signature: 'Signed with another secret',
  signature_expired: 'Too old, or the clock is wrong',
  replayed: 'Sent twice',
  source_disabled: 'The source is disabled',
}

function CallState({ status, code }: WebhookView['calls'][number]) {
  if (code === null) return <State kind="ok">Accepted</State>
  return (
    <State kind="bad">
      {CALL_WORDS[code] ?? 'Refused'} ({status})
    </State>
  )
}

function ApiBlock({ source: { id } }: { source: SourceView }) {
  return (
    <Block title="API">
      <p>
        A program with a <a href="/settings/tokens">token</a> that may start runs can import this source too.{' '}
        <a href="/api/docs">All that the API can do</a>
      </p>
      <CopyField
        path="api.run"
        label="Start an import"
        text={`curl -f -X POST -H "Authorization: Bearer TOKEN" -H "Content-Type: application/json" -d '{}' ${location.origin}/api/sources/${id}/runs`}
      />
      <CopyField path="api.id" label="ID of this source" text={id} />
    </Block>
  )
}
