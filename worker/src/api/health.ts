import { z } from 'zod'
import { noteOf } from '../core/note.ts'
import { VERSION } from './openapi.ts'
import { route } from './route.ts'

/** Whether everything the Worker stands on answers. */
export const healthRoutes = [
  route({
    method: 'get',
    path: '/api/health',
    summary: 'Whether Muster and what it stands on answer',
    role: null,
    answer: z.object({ ok: z.boolean(), version: z.string(), checks: z.record(z.string(), z.string()) }),
    async handle({ env }) {
      const checks = {
        database: await answers(() => env.DB.prepare('SELECT 1 FROM counter').first()),
        files: await answers(() => env.FILES.head('health')),
        encryptionKey: env.ENCRYPTION_KEY === undefined ? 'missing' : 'ok',
      }
      const ok = Object.values(checks).every((check) => check === 'ok')
      return Response.json({ ok, version: VERSION, checks }, { status: ok ? 200 : 503 })
    },
  }),
]

async function answers(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
    return 'ok'
  } catch (error) {
    console.error(`health: ${noteOf(error)}`)
    return 'failed'
  }
}
