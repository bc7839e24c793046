import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { college, student } from '../../../../local/demo/connect/college.ts'
import type { ConnectStandIn } from '../../../../local/demo/connect/service.ts'
import { OTHER, USUAL } from '../../../../local/demo/connect/wsdl.ts'
import type { Failure } from '../../core/failure.ts'
import { collegeSource, remoteOf } from '../../testing/connect-source.ts'
import { writeBack } from '../open.ts'
import { type ConnectSettings, connectSchema } from './schema.ts'

const OPT_OUT = { contactId: '100001', attribute: 'SMS Status', value: 'N' }

describe.each([
  ['as public clients of Connect write it', USUAL],
  ['in other letters and another order', OTHER],
])('“To note changes made by Mongoose”, in a service that describes itself %s', (_, dialect) => {
  let service: ConnectStandIn
  let settings: ConnectSettings

  beforeEach(() => {
    service = college(dialect)
    service.contacts = [student(0), student(1, { smsstatus: 'Y' })]
    settings = connectSchema.parse(collegeSource(service).connection)
    const remote = remoteOf(service)
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => remote(new Request(input, init)))
  })

  it('a value is set under the contact’s ID, with the source code', async () => {
    await writeBack(settings, env, OPT_OUT)
    expect(service.contacts.map(({ smsstatus }) => smsstatus)).toEqual([undefined, 'N'])
    expect(service.calls.at(-1)?.given).toEqual({
      clientName: 'demo-college',
      passKey: 'demo-pass-key',
      contactId: '100001',
      attribute: 'smsstatus',
      value: 'N',
      sourceCode: 'MUSTER',
    })
    await writeBack(settings, env, OPT_OUT)
    expect(service.contacts[1]?.smsstatus).toBe('N')
  })

  it("a write that the service refuses is a failure, in the service's words or in ours", async () => {
    const refused = async (change: Partial<ConnectSettings>, write = OPT_OUT): Promise<Failure> =>
      writeBack({ ...settings, ...change }, env, write).then(
        () => expect.fail('It succeeded'),
        (failure: Failure) => failure,
      )
    expect(await refused({ passKey: 'old' })).toMatchObject({ code: 'unauthorized', retryable: false })
    expect((await refused({ sourceCode: 'GONE' })).message).toContain('Source code is invalid')
    expect((await refused({}, { ...OPT_OUT, contactId: '9' })).message).toContain('Contact does not exist')
    expect(await refused({}, { ...OPT_OUT, attribute: 'SMS Stats' })).toMatchObject({ code: 'header_missing' })
    expect(await refused({ writeOperation: 'ChangeContact' })).toMatchObject({ code: 'crm_error' })
    service.trouble = { is: 'text', text: 'System is down for maintenance' }
    expect(await refused({})).toMatchObject({ code: 'server_error', retryable: true })
  })
})
