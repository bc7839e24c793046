import type { SentMailView } from '../../../worker/src/api/views.ts'
import { post } from '../client.ts'
import { useAction, useLoad, useRefresh } from '../load.ts'
import { MAIL_STATES, reasonOf } from '../mail/words.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block, Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { toast } from '../parts/toast.tsx'
import { When } from '../parts/when.tsx'
import { hrefOf } from '../router.ts'
import { useMay } from '../session.ts'

const COLUMNS: Column<SentMailView['recipients'][number]>[] = [
  { head: 'Recipient', cell: ({ email }) => <span class="break">{email ?? 'Hidden from viewers'}</span> },
  {
    head: 'State',
    cell: ({ status, code }) => (
      <>
        <State kind={MAIL_STATES[status].kind}>{MAIL_STATES[status].text}</State>{' '}
        {code === null ? null : <span class="muted small line break">{reasonOf(code)}</span>}
      </>
    ),
  },
  { head: 'When', cell: ({ at }) => (at === null ? '–' : <When at={at} />) },
]

/** An e-mail as it was sent, what became of it for each recipient, and a button that sends it again. */
export function MessagePage({ id }: { id: string }) {
  const may = useMay()
  const loaded = useLoad('/api/notifications/:id', { id })
  const { data: mail, problem } = loaded
  const missing = (mail?.recipients ?? []).filter((one) => one.status === 'failed').length
  const missingWords = missing === 1 ? 'one recipient' : `${missing} recipients`
  useRefresh(loaded, mail?.status === 'pending' ? 3000 : null)
  const resend = useAction(async () => {
    await post('/api/notifications/:id/resend', { id })
    toast(missing > 0 ? `The e-mail is being sent to ${missingWords}.` : 'The e-mail is being sent again.')
  })
  if (mail === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  const { subject, status, text, runId, recipients } = mail
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
              {missing > 0 && missing < recipients.length ? `Send again to ${missingWords}` : 'Send again'}
            </button>
          ) : null}
        </>
      }
    >
      <ProblemNotice problem={resend.problem} />
      <Block title="Recipients">
        <Table label="Recipients" columns={COLUMNS} items={recipients} keyOf={({ email }) => email ?? ''} />
      </Block>
      <Block title="As it was sent">
        {text === null ? (
          <p class="muted">
            {status === 'pending' ? 'It is written when it is sent.' : 'Its text is not kept any more.'}
          </p>
        ) : (
          <pre class="mail-text">{text}</pre>
        )}
      </Block>
    </Page>
  )
}
