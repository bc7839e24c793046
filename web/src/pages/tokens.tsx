import { useState } from 'preact/hooks'
import type { TokenView } from '../../../worker/src/api/views.ts'
import { del } from '../client.ts'
import { dateTime } from '../format.ts'
import { useAction, useList } from '../load.ts'
import { CopyField } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { List } from '../parts/list.tsx'
import { Notice } from '../parts/notice.tsx'
import { Block, Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Ago } from '../parts/when.tsx'
import { useMay } from '../session.ts'
import { useSourceNames } from '../source/names.ts'
import { TokenDialog } from '../token/token-dialog.tsx'
import { scopeWord } from '../token/words.ts'

/** The API tokens of systems, for administrators. */
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
      up={{ href: '/settings', label: 'Settings' }}
      actions={
        may.configure ? (
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            Make a token
          </button>
        ) : null
      }
    >
      <p class="muted lead">A program that uploads files, or reads contacts, signs in with a token of its own.</p>
      {making ? <TokenDialog onMade={made} onClose={() => setMaking(false)} /> : null}
      {secret === null ? null : (
        <Block title="The new token">
          <CopyField path="token" label="Token" hint="Copy it now. It is not shown again." text={secret} />
        </Block>
      )}
      {may.configure ? <Tokens /> : <p class="muted">Only an administrator sees the tokens.</p>}
    </Page>
  )
}

function Tokens() {
  const list = useList('/api/tokens', {})
  const names = useSourceNames()
  const columns: Column<TokenView>[] = [
    { head: 'Token', cell: ({ name }) => <strong>{name}</strong> },
    {
      head: 'May',
      cell: ({ scopes, sources }) => (
        <span class="stack">
          {scopes.map((scope) => (
            <span key={scope}>{scopeWord(scope)}</span>
          ))}
          {sources === null ? null : (
            <span class="muted small">Only {sources.map((id) => names.get(id) ?? 'a deleted source').join(', ')}</span>
          )}
        </span>
      ),
    },
    {
      head: 'Last used',
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'Never' : <Ago at={lastUsedAt} />),
    },
    { head: 'Valid', cell: ({ expiresAt }) => `Until ${expiresAt === null ? 'revoked' : dateTime(expiresAt)}` },
    { head: 'Revoke', cell: (token) => <Revoke token={token} /> },
  ]
  return (
    <List list={list} empty={<Notice tone="quiet" title="There are no tokens yet" />}>
      {(tokens) => <Table label="API tokens" columns={columns} items={tokens} keyOf={({ id }) => id} />}
    </List>
  )
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
          confirm="Revoke"
          danger
          busy={revoke.busy}
          problem={revoke.problem}
          onConfirm={revoke.run}
          onClose={() => setAsking(false)}
        >
          <p>The system that uses it is refused from now on. This cannot be undone.</p>
        </Dialog>
      ) : null}
    </>
  )
}
