import { Failure } from '../../core/failure.ts'
import type { Service } from './share-link.ts'

/** What a person does in a service so that the file can be fetched. */
const ADVICE: Readonly<Record<Service | 'nextcloud', string>> = {
  google:
    'Share the sheet or file with “Anyone with the link” (Share, General access), or publish the sheet (File, Share, Publish to web).',
  dropbox: 'Share the file in Dropbox with “Anyone with the link”, without a password, and paste that link.',
  sharepoint:
    'Share the file with “Anyone with the link”, without a password, and paste that link. If your organization does not allow ' +
    'such links, let the export write the file to another place.',
  onedrive:
    'Use a link of OneDrive for work, SharePoint, Google Drive or Dropbox, or put the file on a web server: a personal OneDrive ' +
    'gives no file to a program.',
  nextcloud: 'Share the file itself in Nextcloud by a public link, without a password and with downloads allowed.',
  github: 'A private repository needs a token that may read its contents. Choose the bearer token, and enter it.',
  gitlab:
    'A private project needs a token that may read it. Choose a header, with the name PRIVATE-TOKEN, and enter the token.',
}

/** Where services let people sign in. */
const SIGN_IN: readonly (readonly [host: RegExp, service: Service | null])[] = [
  [/^accounts\.google\.com$/, 'google'],
  [/^login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn|microsoft\.com|windows\.net)$/, 'sharepoint'],
  [/^(?:login|account)\.live\.com$/, 'onedrive'],
  [/\.(?:okta|oktapreview|auth0|onelogin|duosecurity|b2clogin|ciamlogin|cloudflareaccess|pingone)\.(?:com|eu)$/, null],
  [/^signin\.aws\.amazon\.com$/, null],
]
/** Pages on a service's own host that let people sign in. */
const SIGN_IN_PATHS: readonly (readonly [host: RegExp, path: RegExp, service: Service])[] = [
  [/^(?:www\.)?dropbox\.com$/, /^\/(?:login|sm\/password)\b/, 'dropbox'],
  [/^github\.com$/, /^\/(?:login|session)\b/, 'github'],
  [/./, /\/users\/sign_in$/, 'gitlab'],
]

/**
 * Returns the failure for a redirect to a page on which people sign in; null for any other redirect. `service` is the one
 * whose link was fetched.
 */
export function signInFailure(from: URL, to: URL, service: Service | null): Failure | null {
  const found =
    SIGN_IN.find(([host]) => host.test(to.hostname)) ??
    SIGN_IN_PATHS.map(([host, path, own]) => [host, own, path] as const).find(
      ([host, , path]) => host.test(to.hostname) && path.test(to.pathname),
    )
  if (found === undefined) return null
  const whose = service ?? found[1]
  return new Failure(
    'unauthorized',
    `${from.host} asks people to sign in at ${to.host}, which Muster cannot do.`,
    whose === null ? 'Enter an address that gives the file itself without a sign-in page.' : ADVICE[whose],
  )
}

const OF_ACCESS: readonly string[] = ['unauthorized', 'forbidden', 'not_a_contact_file']

/** Returns a failure with the advice of the service, if it is one of access. */
export function withAdvice(failure: Failure, service: Service | 'nextcloud' | null): Failure {
  return service === null || !OF_ACCESS.includes(failure.code)
    ? failure
    : new Failure(failure.code, failure.message, ADVICE[service], { cause: failure })
}
