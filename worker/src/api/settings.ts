import * as z from 'zod'
import { isTimeZone } from '../core/source.ts'
import type { Env } from '../env.ts'
import { unlessUnreadable } from '../security/secrets.ts'
import { hasSecret, readSecret, readSettings, settingsSchema, writeSecret, writeSettings } from '../store/settings.ts'
import { requireConfirmed } from './access.ts'
import { changedMembers } from './changed-members.ts'
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
    confirms: 'sometimes',
    async handle({ env, body, actor, record }) {
      const before = await readSettings(env)
      const { twilioToken: sent, ...settings } = parsePatched(settingsBody, before, body, settingsView)
      if (!isTimeZone(settings.defaultTimeZone))
        throw new ApiError(400, 'invalid', 'The default time zone is not known.', {
          errors: [{ path: 'defaultTimeZone', message: 'Not a time zone' }],
        })
      const stored = await unlessUnreadable(readSecret(env, 'twilioToken'), '')
      // With `hasTwilioToken: true`, null is only how the token reads back.
      const kept = sent === undefined || (sent === null && body.hasTwilioToken === true)
      const token = kept ? stored : sent
      if (settings.sender !== before.sender || token !== stored) requireConfirmed(actor)
      await writeSettings(env, settings)
      if (token !== stored) await writeSecret(env, 'twilioToken', token)
      const members = changedMembers(before, settings, token === stored ? [] : ['twilioToken'])
      await record('settings_changed', null, members)
      return view(env)
    },
  }),
]

async function view(env: Env) {
  const hasTwilioToken = await hasSecret(env, 'twilioToken')
  return { ...(await readSettings(env)), twilioToken: null, hasTwilioToken }
}
