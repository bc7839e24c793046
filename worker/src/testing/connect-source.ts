import { collegeConnection, REQUIRED_MAPPING } from '../../../local/demo/connect/college.ts'
import { type ConnectStandIn, responseOf } from '../../../local/demo/connect/service.ts'

/** Returns the settings of a source that imports from the college, with only the fields that must be mapped. */
export function collegeSource(service: ConnectStandIn, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'Admissions',
    connection: collegeConnection('https://services01.example.org/ws/bridge.asmx', service),
    mapping: REQUIRED_MAPPING,
    ...more,
  }
}

/** Returns the college as the remote side of a test's world. */
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
