import * as z from 'zod'
import type { Answers } from './answers.ts'
import { reasonOf } from './api.ts'
import { RIGHTS } from './found.ts'
import { missingMigrations, type State } from './plan.ts'
import type { World } from './world.ts'

/**
 * What a look at the deployed system showed. What waits for DNS or a certificate is no failure: it comes by itself. What is left out
 * was not asked for.
 */
export interface Check {
  name: string
  state: 'ok' | 'waits' | 'absent' | 'failed'
  words: string
}

const healthSchema = z.object({ ok: z.boolean(), version: z.string(), checks: z.record(z.string(), z.string()) })

/**
 * Looks at the deployed system: database, pages, Worker, bridge and sender. Sends the administrator a test mail the first time that
 * the sender can send. Returns the checks, and the answers with the sender that was tested.
 */
export async function smokeTest(state: State, world: World): Promise<{ checks: Check[]; answers: Answers }> {
  const migrations = missingMigrations(state)
  const mail = await checkMail(state, world)
  const checks: Check[] = [
    migrations.length === 0
      ? { name: 'Database', state: 'ok', words: `${state.wanted.migrations.length} migrations` }
      : { name: 'Database', state: 'failed', words: `${migrations.join(', ')} not applied` },
    await checkPages(state, world),
    state.found.container === null
      ? { name: 'SFTP bridge', state: 'absent', words: 'left out; deploy where Docker runs to add it' }
      : { name: 'SFTP bridge', state: 'ok', words: 'its container is there, and starts with the first fetch' },
    mail.check,
  ]
  return { checks, answers: mail.sent ? { ...state.answers, testedSender: state.answers.sender } : state.answers }
}

async function checkPages({ answers, found }: State, world: World): Promise<Check> {
  const name = 'Pages'
  const url = `https://${answers.domain}/api/health`
  if (found.zone?.status !== 'active') {
    return { name, state: 'waits', words: `the name servers of ${found.zone?.name} do not point to Cloudflare yet` }
  }
  if (found.domain?.status !== 'active') {
    return { name, state: 'waits', words: `${answers.domain} is ${found.domain?.status}; it takes a few minutes` }
  }
  try {
    const { status, body } = await world.reach(url)
    const health = healthSchema.safeParse(body)
    if (health.success && health.data.ok)
      return { name, state: 'ok', words: `${url} answers, version ${health.data.version}` }
    if (!health.success) {
      const words = `${url} answers HTTP ${status}, and not from Muster. Is Cloudflare Access in front of it?`
      return { name, state: 'failed', words }
    }
    const alarms = Object.entries(health.data.checks).flatMap(([check, word]) => (word === 'ok' ? [] : [check]))
    // A cron that is new may take some minutes to run for the first time.
    const isNew = !found.hasAdministrator && alarms.join() === 'cron'
    const words = `${url} names ${alarms.join(', ')}; docs/alarms.md says what to do`
    return { name, state: isNew ? 'waits' : 'failed', words }
  } catch (error) {
    // A resolver keeps for some minutes that the name was not there.
    const state = /ENOTFOUND|EAI_AGAIN/.test(reasonOf(error)) ? 'waits' : 'failed'
    return { name, state, words: `${url} does not answer: ${reasonOf(error)}` }
  }
}

async function checkMail({ answers, found }: State, { cloudflare }: World): Promise<{ check: Check; sent: boolean }> {
  const name = 'E-mail'
  if (found.sender?.enabled !== true) {
    const words = `Email Service does not see the DNS records for ${answers.sender} yet`
    return { check: { name, state: 'waits', words }, sent: false }
  }
  if (answers.testedSender === answers.sender) {
    return { check: { name, state: 'ok', words: `${answers.sender} can send` }, sent: false }
  }
  try {
    // Documented at https://developers.cloudflare.com/email-service/api/send-emails/rest-api/
    const { permanent_bounces: bounced = [] } = await cloudflare.call(
      'POST',
      `/accounts/${found.account.id}/email/sending/send`,
      {
        right: RIGHTS.email,
        body: {
          from: { address: answers.sender, name: 'Muster' },
          to: answers.administrator,
          subject: 'Muster can send e-mails',
          text: `This is the test mail of a deploy. Muster is at https://${answers.domain}.`,
        },
        result: z.object({ permanent_bounces: z.array(z.string()).optional() }),
      },
    )
    if (bounced.length > 0) {
      return { check: { name, state: 'failed', words: `${answers.administrator} does not take e-mails` }, sent: false }
    }
    return { check: { name, state: 'ok', words: `a test mail went to ${answers.administrator}` }, sent: true }
  } catch (error) {
    const words = `the test mail failed: ${error instanceof Error ? error.message : error}`
    return { check: { name, state: 'failed', words }, sent: false }
  }
}
