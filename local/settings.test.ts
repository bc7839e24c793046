import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

describe('The environment of a local Muster', () => {
  it('a local Muster has a default for every setting', () => {
    expect(readSettings({})).toEqual({
      port: 8787,
      state: resolve('.muster'),
      demo: true,
      adminEmail: 'admin@example.org',
      adminPassword: null,
      emailDir: resolve('.muster/email'),
      mail: { suppressed: [], perDay: null },
      queueConsumers: 10,
      tickEvery: 60_000,
      inspectorPort: null,
    })
  })

  it('e-mails are kept in the state folder unless another one is set', () => {
    expect(readSettings({ MUSTER_STATE: '/a' }).emailDir).toBe('/a/email')
    expect(readSettings({ MUSTER_STATE: '/a', MUSTER_EMAIL_DIR: '/b' }).emailDir).toBe('/b')
  })

  it('the mailer refuses the addresses and the number of messages that are set', () => {
    const env = { MUSTER_MAIL_SUPPRESSED: 'a@example.org, b@example.org', MUSTER_MAIL_PER_DAY: '2' }
    expect(readSettings(env).mail).toEqual({ suppressed: ['a@example.org', 'b@example.org'], perDay: 2 })
  })

  it('a local Muster starts empty only when MUSTER_DEMO is 0', () => {
    expect(readSettings({ MUSTER_DEMO: '0' }).demo).toBe(false)
    expect(readSettings({ MUSTER_DEMO: '1' }).demo).toBe(true)
  })

  it.each(['0', '65536', 'http', '80.5', '-1'])('the settings refuse PORT=%s in one sentence', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow(/^PORT is .*\.$/)
  })
})
