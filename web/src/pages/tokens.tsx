import { useState } from 'preact/hooks'
import type { TokenView } from '../../../worker/src/api/views/person.ts'
import { del } from '../client.ts'
import { dateTime } from '../format.ts'
import { useAction, useList } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, List } from '../parts/list.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { State } from '../parts/state.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { TokenDialog } from '../token/token-dialog.tsx'
import { scopeWord } from '../token/words.ts'

/** The API tokens of systems, for administrators, beside the description of the API. */
export function TokensPage() {
  const may = useMay()
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const made = (token: string) => {
    setSecret(token)
    setMaking(false)
  }
  return (
    <Page
      title="API tokens"
      actions={
        <>
          <a class="button" href="/api/docs" target="_blank" rel="noopener">
            API description <Icon name="external" />
          </a>
          {may.configure ? (
            <button type="button" class="primary" onClick={() => setMaking(true)}>
              Make a token
            </button>
          ) : null}
        </>
      }
    >
      <p class="muted lead">
        Each program that uploads files, reads contacts or sets SMS statuses signs in with a token of its own.
      </p>
      {making ? <TokenDialog onMade={made} onClose={() => setMaking(false)} /> : null}
      {secret === null ? null : (
        <Notice tone="wait" title="Copy the new token now. It is not shown again.">
          <CopyField path="token" label="Token" text={secret} />
        </Notice>
      )}
      {may.configure ? (
        <Tokens onMake={() => setMaking(true)} />
      ) : (
        <p class="muted">Only an administrator sees the tokens.</p>
      )}
    </Page>
  )
}

function Tokens({ onMake }: { onMake: () => void }) {
  const list = useList('/api/tokens', {})
  const names = useSourceNames()
  const columns: Column<TokenView>[] = [
    { head: 'Token', cell: ({ name }) => <strong>{name}</strong> },
    { head: 'May', cell: ({ scopes }) => scopes.map(scopeWord).join(', ') },
    {
      head: 'Sources',
      cell: ({ sources }) => sources?.map((id) => names.get(id) ?? 'A deleted source').join(', ') ?? 'All',
    },
    { head: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Ago at={lastUsedAt} />) },
    { head: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
    { head: '', cell: (token) => <Revoke token={token} /> },
  ]
  const empty = (
    <Empty
      icon="key"
      title="There are no tokens yet"
      action={
        <button type="button" class="primary" onClick={onMake}>
          Make a token
        </button>
      }
    >
      The API description lists every call that a program can make.
    </Empty>
  )
  return (
    <List list={list} empty={empty}>
      {(tokens) => <Table label="API tokens" columns={columns} items={tokens} keyOf={({ id }) => id} />}
    </List>
  )
}

function Expiry({ at }: { at: string | null }) {
  if (at === null) return <>Never</>
  if (Date.parse(at) > Date.now()) return <>{dateTime(at)}</>
  return <State kind="quiet">Expired {dateTime(at)}</State>
}

function Revoke({ token: { id, name } }: { token: TokenView }) {
  const [asking, setAsking] = useState(false)
  const revoke = useAction(async () => {
    await del('/api/tokens/:id', { id })
    setAsking(false)
  })
  return (
    <>
      <button type="button" class="link" onClick={() => setAsking(true)}>
        Revoke<span class="hidden"> {name}</span>
      </button>
      {asking ? (
        <Dialog
          title={`Revoke ${name}?`}
          confirm="Revoke token"
          danger
          busy={revoke.busy}
          problem={revoke.problem}
          onConfirm={revoke.run}
          onClose={() => setAsking(false)}
        >
          <p>Programs that use this token are refused from now on. This cannot be undone.</p>
        </Dialog>
      ) : null}
    </>
  )
}
