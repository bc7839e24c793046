import * as z from 'zod'
import { isTimeZone } from '../core/source.ts'
import type { Env } from '../env.ts'
import { audit } from '../store/audit.ts'
import { readSecret, readSettings, settingsSchema, writeSecret, writeSettings } from '../store/settings.ts'
import { parsePatched } from './merge-patch.ts'
import { ApiError } from './problem.ts'
import { route } from './route.ts'

const settingsBody = settingsSchema.extend({ twilioToken: z.string().trim().min(1).max(200).nullish() })
const settingsView = settingsSchema.extend({ twilioToken: z.null(), hasTwilioToken: z.boolean() })
export type SettingsView = z.infer<typeof settingsView>

/** Settings of the whole directory. */
export const settingRoutes = [
  route({
    method: 'get',
    path: '/api/settings',
    summary: 'Settings of the directory',
    role: 'viewer',
    answer: settingsView,
    handle: ({ env }) => view(env),
  }),
  route({
    method: 'patch',
    path: '/api/settings',
    summary: 'Change settings of the directory (JSON merge patch)',
    role: 'administrator',
    body: settingsBody,
    raw: 'patch',
    view: settingsView,
    answer: settingsView,
    async handle({ env, body, actor }) {
      const patched = parsePatched(settingsBody, await readSettings(env), body, settingsView)
      const { twilioToken: token, ...settings } = patched
      if (!isTimeZone(settings.defaultTimeZone))
        throw new ApiError(400, 'invalid', 'The default time zone is not known.', {
          errors: [{ path: 'defaultTimeZone', message: 'Not a time zone' }],
        })
      await writeSettings(env, settings)
      // With `hasTwilioToken: true`, null is only how the token reads back.
      if (token !== undefined && !(token === null && body.hasTwilioToken === true))
        await writeSecret(env, 'twilioToken', token)
      await audit(env, actor.label, 'settings_changed', null, Object.keys(body).join(', '))
      return view(env)
    },
  }),
]

async function view(env: Env) {
  const hasTwilioToken = (await readSecret(env, 'twilioToken')) !== null
  return { ...(await readSettings(env)), twilioToken: null, hasTwilioToken }
}
