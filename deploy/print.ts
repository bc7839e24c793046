import type { Plan, State } from './plan.ts'
import type { Check } from './smoke.ts'

/** What Muster costs: docs/costs.md has the figures for directories of different sizes. */
const COSTS = `It costs $5 a month (Workers Paid), with 10,000, 100,000 or 1,000,000 contacts that change little from night to night.
Beyond what that includes: $1 per million rows written, $0.35 per 1,000 e-mails, $0.015 a month per GB of files. See docs/costs.md.`

/** Returns what a deploy would do, in words. */
export function textOfPlan({ found, answers }: State, { steps, stops }: Plan): string {
  const lines = [
    `Account: ${found.account.name} (${found.account.id})`,
    '',
    ...steps.map(({ words }, index) => `${String(index + 1).padStart(3)}. ${words}`),
    '     Then look at the database, the pages, the Worker and the sender.',
    '',
    COSTS,
  ]
  if (found.database === null) {
    lines.push('', `--data ${answers.data} cannot be changed after the first deploy.`)
  }
  if (stops.length > 0) lines.push('', 'Before that:', ...stops.map((stop) => `  ${stop}`))
  return lines.join('\n')
}

const SIGNS = { ok: 'ok     ', waits: 'waits  ', absent: '-      ', failed: 'FAILED ' }

/** Returns what a look at the deployed system showed, and what is left to do. */
export function textOfChecks({ answers, found }: State, checks: readonly Check[]): string {
  const lines = checks.map(({ name, state, words }) => `${SIGNS[state]} ${name}: ${words}`)
  if (!found.hasAdministrator) {
    lines.push(
      '',
      'deploy.keys.json has the keys. Keep a copy away from this machine and from Cloudflare: without ENCRYPTION_KEY the',
      'passwords of your sources must be entered again.',
    )
    if (answers.accessTeam === undefined) {
      lines.push(
        `Sign in at https://${answers.domain} as ${answers.administrator} with the ADMIN_PASSWORD in deploy.keys.json, and change it`,
        'there. Then deploy again, which takes ADMIN_PASSWORD away.',
      )
    }
  }
  if (checks.some(({ state }) => state === 'waits'))
    lines.push('', 'Deploy again later to see whether what waits is there.')
  return lines.join('\n')
}
