import { mayAct, ROLES, type Role } from '../security/roles.ts'
import { allows, SCOPES, type Scope } from '../security/scopes.ts'
import { recordedBy } from './records.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'

/** The callers that the table has a column for: nobody, people by their role, and tokens by their scope. */
export const CALLERS = ['nobody', ...ROLES.toReversed(), ...SCOPES] as const
export type Caller = (typeof CALLERS)[number]

/** What a caller may do. `own`: only about the runs of its own uploads. */
type Right = 'yes' | 'own' | ''

const isRole = (caller: Caller): caller is Role => (ROLES as readonly string[]).includes(caller)

function rightOf({ role, scope, personal, ownRuns }: Route, caller: Caller): Right {
  if (role === null) return 'yes'
  if (caller === 'nobody') return ''
  if (isRole(caller)) return mayAct(caller, role) ? 'yes' : ''
  if (personal === true) return ''
  if (allows([caller], role, scope)) return 'yes'
  return ownRuns === true && caller === ('files:write' satisfies Scope) ? 'own' : ''
}

/** How a token that is limited to some sources is kept to them. */
const LIMITED = { source: 'by source', run: 'by run', contact: 'by contact', handler: 'by what is shown' }

function limitOf({ role, limited, personal }: Route): string {
  if (role === null) return 'yes'
  return limited === undefined || personal === true ? '' : LIMITED[limited]
}

/** Returns the table of who may make which call, in Markdown, made from the routes. */
export function authorisationTable(): string {
  const header = ['call', ...CALLERS, 'token limited to sources', 'password again', 'in the audit']
  const rows = routes.map((route) => [
    `\`${route.method.toUpperCase()} ${route.path}\``,
    ...CALLERS.map((caller) => rightOf(route, caller)),
    limitOf(route),
    route.confirms,
    recordedBy(route)
      .map((action) => `\`${action}\``)
      .join(' '),
  ])
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `# Who may do what

Made from the routes by \`npm run authorisation\`. \`authorisation.worker.test.ts\` makes each call as each caller and compares the
answer with this table, so a call that is not in it, or does something else, fails.

The columns: nobody has signed in; a person with a role; a token with one scope (a token with a role has the rights of the role,
but for the calls about a person’s own account). \`own\`: only about the runs of the token’s own uploads. “Token limited to
sources”: whether such a token can make the call at all, and what keeps it to its sources. “Password again”: 15 minutes after a
sign-in the person is asked for the password; \`sometimes\` depends on what is changed.

${lines.join('\n')}
`
}
