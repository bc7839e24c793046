import { afterEach, expect, it, vi } from 'vitest'
import { sourceSettingsSchema } from '../../../worker/src/core/source.ts'
import type { SourceDraft } from '../source/draft.ts'
import { keepDraft, keptDraft } from './kept-draft.ts'

afterEach(() => vi.unstubAllGlobals())

it('a draft that is kept in the tab has the settings, and neither a password nor an address of a channel', () => {
  const stored = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    setItem: (key: string, text: string) => stored.set(key, text),
    getItem: (key: string) => stored.get(key) ?? null,
  })
  const settings = sourceSettingsSchema.parse({
    notify: {
      emails: ['a@example.org'],
      webhooks: [{ kind: 'muster', url: 'https://hooks.example.org/k3y', secret: 'k3y of 16 characters' }],
    },
  })
  const connection = { kind: 'https', url: 'https://files.example.org/x.csv', username: 'me', password: 'k3y' } as const
  const draft: SourceDraft = { name: 'Staff', connection, ...settings }
  keepDraft(draft)
  expect([...stored.values()].join()).not.toContain('k3y')
  const kept = keptDraft(draft)
  expect(kept?.notify).toEqual({ emails: ['a@example.org'], when: 'always', webhooks: [] })
  expect(kept?.connection).toMatchObject({ url: connection.url, username: 'me' })
})
