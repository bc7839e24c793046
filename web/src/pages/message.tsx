import type { SentMailView } from '../../../worker/src/api/views/settings.ts'
import { addressOf, post } from '../client.ts'
import { useAction, useLoad, useRefresh } from '../load.ts'
import { MAIL_STATES, reasonOf } from '../mail/words.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block, Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { type Column, None, Table } from '../parts/table.tsx'
import { toast } from '../parts/toast.tsx'
import { When } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'
import { WEBHOOK_NAMES } from '../words.ts'

const STATES: Column<Pick<SentMailView['recipients'][number], 'status' | 'code' | 'at'>>[] = [
  {
    head: 'State',
    cell: ({ status, code }) => (
      <>
        <State kind={MAIL_STATES[status].kind}>{MAIL_STATES[status].text}</State>{' '}
        {code === null ? null : <span class="muted small line break">{reasonOf(code)}</span>}
      </>
    ),
  },
  { head: 'When', cell: ({ at }) => (at === null ? <None /> : <When at={at} />) },
]

const COLUMNS: Column<SentMailView['recipients'][number]>[] = [
  { head: 'Recipient', cell: ({ email }) => <span class="break">{email ?? 'Hidden from viewers'}</span> },
  ...STATES,
]

const WEBHOOKS: Column<SentMailView['webhooks'][number]>[] = [
  {
    head: 'Address',
    cell: ({ kind, url }) => (
      <span class="break">
        {WEBHOOK_NAMES[kind]}: {url ?? 'removed from the source'}
      </span>
    ),
  },
  ...STATES,
]

/** An e-mail as it was sent, what became of it for each recipient, and a button that sends it again. */
export function MessagePage({ id }: { id: string }) {
  const may = useMay()
  const loaded = useLoad('/api/notifications/:id', { id })
  const { data: mail, problem } = loaded
  const reached = [...(mail?.recipients ?? []), ...(mail?.webhooks ?? [])]
  const missing = reached.filter((one) => one.status === 'failed').length
  const missingWords = missing === 1 ? 'one recipient' : `${missing} recipients`
  useRefresh(loaded, mail?.status === 'pending' ? 3000 : null)
  const resend = useAction(async () => {
    await post('/api/notifications/:id/resend', { id })
    toast(missing > 0 ? `The e-mail is being sent to ${missingWords}.` : 'The e-mail is being sent again.')
  })
  if (mail === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const { subject, status, text, runId, recipients, webhooks } = mail
  return (
    <Page
      title={subject}
      width="text"
      up={{ href: '/settings/mail', label: 'Mail' }}
      actions={
        <>
          {runId === null ? null : (
            <a class="button" href={hrefOf('/runs/:id', { id: runId })}>
              Show the import
            </a>
          )}
          {may.run && (status === 'sent' || status === 'failed') ? (
            <button
              type="button"
              class={status === 'failed' ? 'primary' : ''}
              disabled={resend.busy}
              onClick={resend.run}
            >
              {missing > 0 && missing < reached.length ? `Send again to ${missingWords}` : 'Send again'}
            </button>
          ) : null}
        </>
      }
    >
      <ProblemNotice problem={resend.problem} />
      <Block title="Recipients">
        <Table label="Recipients" columns={COLUMNS} items={recipients} keyOf={({ email }) => email ?? ''} />
      </Block>
      {webhooks.length === 0 ? null : (
        <Block title="Channels and programs">
          <Table
            label="Channels and programs"
            columns={WEBHOOKS}
            items={webhooks}
            keyOf={({ kind, url }) => `${kind} ${url}`}
          />
        </Block>
      )}
      <Block title="As it was sent">
        {text === null ? (
          <p class="muted">
            {status === 'pending' ? 'It is written when it is sent.' : 'Its text is not kept any more.'}
          </p>
        ) : (
          <>
            <MailFrame id={id} subject={subject} />
            <details class="fold">
              <summary>As plain text</summary>
              <pre class="mail-text">{text}</pre>
            </details>
          </>
        )}
      </Block>
    </Page>
  )
}

/**
 * The e-mail as a mail program shows it. It has a policy of its own: no script runs in it and nothing is loaded, and links
 * leave the frame.
 */
function MailFrame({ id, subject }: { id: string; subject: string }) {
  return (
    <iframe
      class="mail-frame"
      title={`The e-mail “${subject}”`}
      src={addressOf('/api/notifications/:id/html', { id })}
      sandbox="allow-same-origin allow-top-navigation-by-user-activation"
      onLoad={({ currentTarget }) => {
        // As high as the e-mail, so that only the page scrolls.
        const height = currentTarget.contentDocument?.documentElement.scrollHeight
        if (height !== undefined) currentTarget.style.height = `${height}px`
      }}
    />
  )
}
