import type { TokenView } from '../../../worker/src/api/views/person.ts'

type TokenScope = TokenView['scopes'][number]

/** The rights that a token can be given, in words, and whether the right can be limited to some sources. */
export const RIGHTS: readonly { scope: TokenScope; label: string; hint: string; bySource: boolean }[] = [
  {
    scope: 'files:write',
    label: 'Upload files',
    hint: 'And see how the import of each file went. For the program that writes the file.',
    bySource: true,
  },
  {
    scope: 'runs:read',
    label: 'Read imports',
    hint: 'Sources and runs, with their changes and problems.',
    bySource: true,
  },
  {
    scope: 'runs:write',
    label: 'Start and decide imports',
    hint: 'Import, approve, reject, undo; read files and reports.',
    bySource: true,
  },
  {
    scope: 'directory:read',
    label: 'Read the directory',
    hint: 'Contacts, groups, recipients and changes. For the system that sends messages.',
    bySource: true,
  },
  { scope: 'sms:write', label: 'Set SMS statuses', hint: 'Opt contacts out and in.', bySource: false },
  { scope: 'admin', label: 'Everything', hint: 'All that an administrator may do.', bySource: false },
]

/** Returns a scope in words. A token of an earlier version may have a role. */
export function scopeWord(scope: TokenScope): string {
  return RIGHTS.find((right) => right.scope === scope)?.label ?? `Everything that a ${scope} may do`
}
