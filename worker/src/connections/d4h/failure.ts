import { Failure } from '../../core/failure.ts'
import { statusFailure } from '../status.ts'

/** The part of D4H's data that a request is about. */
export type Subject = 'access' | 'members' | 'groups' | 'fields'

/**
 * For each subject, its name in messages, and the likely reason why D4H forbids reading it (D4H API: required modules,
 * permissions).
 */
export const SUBJECTS: Readonly<Record<Subject, { what: string; forbidden: string }>> = {
  access: {
    what: 'what it may read',
    forbidden:
      'In D4H, personal access tokens must be allowed under API Access in the settings of the team or organisation, and the ' +
      'token must have Team Manager among its products.',
  },
  members: {
    what: 'the members of this team',
    forbidden:
      'The account that made the token must be allowed to see this team’s members, of all chosen statuses: D4H asks for ' +
      'further permissions for some of them.',
  },
  groups: {
    what: 'the groups of this team',
    forbidden:
      'The team’s Groups module may be switched off: switch it on in D4H, or import without groups. If it is on, the account ' +
      'that made the token may not see groups.',
  },
  fields: {
    what: 'the custom fields of this team',
    forbidden:
      'Let the account that made the token see the members’ custom fields in D4H, or map the columns without custom fields.',
  },
}

/** Returns the failure for an answer of D4H's API other than success. */
export function d4hFailure(response: Response, host: string, subject: Subject): Failure {
  const { what, forbidden } = SUBJECTS[subject]
  const { status } = response
  if (status >= 300 && status < 400) {
    return new Failure(
      'redirect_refused',
      `${host} sends on to another address, where the token is not sent.`,
      'Enter the address of D4H’s API itself, such as https://api.team-manager.ca.d4h.com.',
    )
  }
  switch (status) {
    case 401:
      return new Failure(
        'unauthorized',
        `${host} did not accept the token.`,
        'Make a new personal access token in D4H, with Team Manager among its products, and enter it here. Check too that the ' +
          'region is that of your team.',
      )
    case 403:
      return new Failure('forbidden', `${host} does not let this token read ${what}.`, forbidden)
    case 404:
    case 410:
      return new Failure(
        'not_found',
        `${host} does not know ${what}.`,
        'Check the region, test the connection and choose the team again: it may have been closed or moved.',
      )
    case 400:
    case 422:
      return new Failure(
        'crm_error',
        `${host} did not understand the request for ${what} (status ${status}).`,
        'D4H may have changed its API: tell the operator of Muster.',
      )
    default:
      return statusFailure(response, host, 'sent')
  }
}
