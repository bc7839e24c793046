import { APPLICANTS, EVERYBODY } from '../../../local/demo/connect/college.ts'
import { type ConnectStandIn, responseOf } from '../../../local/demo/connect/service.ts'

/** The settings of a source that imports from the college: the fields that have to be mapped, and no more. */
export function collegeSource(service: ConnectStandIn, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'Admissions',
    connection: {
      kind: 'connect',
      url: 'https://services01.example.org/ws/bridge.asmx',
      clientName: service.clientName,
      passKey: service.passKey,
      filterIds: [EVERYBODY, APPLICANTS],
      sourceCode: 'MUSTER',
    },
    mapping: [
      { column: 'First Name', to: 'firstName' },
      { column: 'Last Name', to: 'lastName' },
      { column: 'Mobile Number', to: 'number', type: 'mobile' },
    ],
    ...more,
  }
}

/** The college as the remote side of a world. */
export function remoteOf(service: ConnectStandIn): (request: Request) => Promise<Response> {
  return async (request) =>
    responseOf(
      service.answer({
        method: request.method,
        url: request.url,
        soapAction: request.headers.get('SOAPAction'),
        body: await request.text(),
      }),
    )
}
