import * as z from 'zod'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { activeRun } from '../store/runs.ts'
import { deleteSource, findSource, forgetRuns, type SourceRow } from '../store/sources.ts'
import { deleteUser, findUserByEmail, insertUser } from '../store/users.ts'
import { ApiError } from './problem.ts'
import { route } from './route.ts'
import { runActive } from './runs.ts'
import { behindAccess } from './sign-in.ts'
import { makeSource } from './source-making.ts'
import { type DemoView, demoSchema, WEEKS } from './views/settings.ts'

/** What the local runtime answers about its demo: the servers, and what a Muster needs to import from them. */
const answerSchema = z.object({
  ...demoSchema.pick({ week: true, weeks: true, url: true }).shape,
  /** The IDs of the sources that were made. */
  made: z.array(z.string()),
  /** Bodies for `POST /api/sources`; empty while the servers do not run. */
  sources: z.array(z.record(z.string(), z.unknown())),
  users: z.array(z.object({ email: z.string(), name: z.string(), userId: z.string() })),
})

/** The demo: sources of made-up people on servers of this machine. Only the local runtime has it. */
export const demoRoutes = [
  route({
    method: 'get',
    path: '/api/demo',
    summary: 'The demo of a local Muster: its sources, the week that its files are of, and where they are changed',
    role: 'viewer',
    answer: demoSchema,
    async handle({ env }) {
      const answer = await ask(env, { start: false })
      return viewOf(answer, await existing(env, answer.made))
    },
  }),
  route({
    method: 'post',
    path: '/api/demo',
    summary: 'Make the demo’s sources if there are none, and let their files be those of a week; imports nothing',
    role: 'administrator',
    body: z.object({ week: z.literal(WEEKS).optional() }),
    answer: demoSchema,
    async handle({ env, body, record }) {
      const answer = await ask(env, { start: true, ...body })
      const found = await existing(env, answer.made)
      if (found.length > 0) {
        if (body.week !== undefined) await record('demo_changed', null, `week ${body.week}`)
        return viewOf(answer, found)
      }
      for (const user of answer.users) {
        await insertUser(env, newId(), { ...user, role: 'viewer', password: null }, Date.now())
      }
      const made: SourceRow[] = []
      for (const source of answer.sources) made.push((await makeSource(env, source)).row)
      await record('demo_made', null, `week ${answer.week}`)
      return viewOf(await ask(env, { start: true, made: made.map(({ id }) => id) }), made)
    },
  }),
  route({
    method: 'delete',
    path: '/api/demo',
    summary: 'Remove the demo: its sources with their contacts, runs and e-mails, and its staff',
    role: 'administrator',
    confirms: 'always',
    async handle({ env, record }) {
      const { made, users } = await ask(env, { start: false })
      const found = await existing(env, made)
      for (const { id } of found) {
        const active = await activeRun(env, id)
        if (active !== null) throw runActive(active)
      }
      for (const { id } of found) {
        await deleteSource(env, id, 'remove')
        await forgetRuns(env, id)
      }
      for (const { email } of users) {
        const user = await findUserByEmail(env, email)
        // Somebody who was given a password is no longer of the demo.
        if (user !== null && user.password === null) await deleteUser(env, user.id, behindAccess(env))
      }
      await ask(env, { start: false, made: [], week: 1 })
      await record('demo_removed', null)
    },
  }),
]

interface Asked {
  /** Whether the servers are to run. */
  start: boolean
  week?: (typeof WEEKS)[number] | undefined
  made?: string[]
}

/** Calls the local runtime. Throws `ApiError` 404 on a deployed Muster. */
async function ask(env: Env, asked: Asked): Promise<z.output<typeof answerSchema>> {
  if (env.DEMO === undefined) throw new ApiError(404, 'not_found', 'Only a Muster that runs locally has a demo.')
  const response = await env.DEMO.fetch('http://demo/', { method: 'POST', body: JSON.stringify(asked) })
  if (!response.ok) throw new Error('The demo could not be started')
  return answerSchema.parse(await response.json())
}

async function existing(env: Env, ids: readonly string[]): Promise<SourceRow[]> {
  const found = await Promise.all(ids.map((id) => findSource(env, id)))
  return found.filter((source) => source !== null)
}

function viewOf({ week, weeks, url }: z.output<typeof answerSchema>, sources: readonly SourceRow[]): DemoView {
  return { week, weeks, url, sources: sources.map(({ id, name }) => ({ id, name })) }
}
