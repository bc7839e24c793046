import { z } from 'zod'
import { isTimeZone } from '../core/source.ts'
import { audit } from '../store/audit.ts'
import { readSettings, settingsSchema, writeSettings } from '../store/settings.ts'
import { parsePatched } from './merge-patch.ts'
import { ApiError } from './problem.ts'
import { route } from './route.ts'

/** Settings of the whole directory. */
export const settingRoutes = [
  route({
    method: 'get',
    path: '/api/settings',
    summary: 'Settings of the directory',
    role: 'viewer',
    answer: settingsSchema,
    handle: ({ env }) => readSettings(env),
  }),
  route({
    method: 'patch',
    path: '/api/settings',
    summary: 'Change settings of the directory (JSON merge patch)',
    role: 'administrator',
    body: z.record(z.string(), z.unknown()),
    answer: settingsSchema,
    async handle({ env, body, actor }) {
      const settings = parsePatched(settingsSchema, await readSettings(env), body)
      if (!isTimeZone(settings.defaultTimeZone))
        throw new ApiError(400, 'invalid', 'The default time zone is not known.', {
          errors: [{ path: 'defaultTimeZone', message: 'Not a time zone' }],
        })
      await writeSettings(env, settings)
      await audit(env, actor.label, 'settings_changed', null, Object.keys(body).join(', '))
      return settings
    },
  }),
]
