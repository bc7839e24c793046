import { parseArgs } from 'node:util'
import type { GivenAnswers } from './answers.ts'

/** What `npm run deploy` is asked to do. */
export type Command =
  | { kind: 'deploy'; given: GivenAnswers; yes: boolean }
  | { kind: 'plan'; given: GivenAnswers }
  | { kind: 'rollback'; given: GivenAnswers; part: 'worker' | 'pages' }
  | { kind: 'probe'; given: GivenAnswers }
  | { kind: 'remove'; given: GivenAnswers; domain: string }
  | { kind: 'help' }

export const HELP = `npm run deploy                    takes an empty account to a running Muster, or a running one to this version
npm run deploy -- --plan          says what a deploy would do and what it costs; changes nothing
npm run deploy -- --rollback worker|pages
                                  goes back to the version before
npm run deploy -- --remove DOMAIN deletes Muster with all its contacts from the account
npm run deploy -- --probe         asks the account what only a real one can tell (docs/first-account.md)

The answers are kept in deploy.json. In their place, and for a machine without a terminal:
  --domain muster.example.org     address of the pages
  --sender muster@example.org     address that e-mails come from
  --administrator you@example.org the first administrator
  --data eu|us|fedramp|enam|wnam|weur|eeur|apac|oc|any
                                  where the data may be kept; cannot be changed later
  --account ID                    the account, if the API token sees several
  --access-team NAME --access-audience TAG
                                  Cloudflare Access in front of the pages
  --yes                           does not ask before it begins

CLOUDFLARE_API_TOKEN must be set. docs/deploy.md says which permissions the token needs.`

/** Reads the arguments. Throws an `Error` with a sentence for one that it does not know. */
export function readCommand(args: string[]): Command {
  const { values } = parseArgs({
    args,
    options: {
      domain: { type: 'string' },
      sender: { type: 'string' },
      administrator: { type: 'string' },
      data: { type: 'string' },
      account: { type: 'string' },
      'access-team': { type: 'string' },
      'access-audience': { type: 'string' },
      plan: { type: 'boolean' },
      rollback: { type: 'string' },
      probe: { type: 'boolean' },
      remove: { type: 'string' },
      yes: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return { kind: 'help' }
  const { domain, sender, administrator, data, account } = values
  const all = {
    domain,
    sender,
    administrator,
    data,
    account,
    accessTeam: values['access-team'],
    accessAudience: values['access-audience'],
  }
  const given: GivenAnswers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const { rollback, remove } = values
  if ([values.plan, rollback !== undefined, remove !== undefined, values.probe].filter(Boolean).length > 1) {
    throw new Error('--plan, --rollback, --remove and --probe are used one at a time.')
  }
  if (remove !== undefined) return { kind: 'remove', given, domain: remove }
  if (rollback !== undefined) {
    if (rollback !== 'worker' && rollback !== 'pages') throw new Error('--rollback takes worker or pages.')
    return { kind: 'rollback', given, part: rollback }
  }
  if (values.plan === true) return { kind: 'plan', given }
  if (values.probe === true) return { kind: 'probe', given }
  return { kind: 'deploy', given, yes: values.yes === true }
}
