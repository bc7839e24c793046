import { collegeConnection, REQUIRED_MAPPING } from './connect/college.ts'
import type { ConnectServer } from './connect/server.ts'
import { D4H_TEAM } from './d4h/demo-team.ts'
import { BASIC } from './file-server.ts'

/** The S3 access key of the demo. It is made up and used only on this machine. */
export const S3_KEYS = { accessKeyId: 'AKIADEMODEMODEMODEMO', secretAccessKey: 'demo-only-secret-access-key' }
export const SFTP_LOGIN = { username: 'radio', password: 'demo-only' }
export const D4H_TOKEN = 'demo-only-personal-access-token'

/** The file in the bucket. */
export const DRIVERS = 'exports/drivers.csv'
/** The file on the SFTP server. */
export const OPERATORS = '/exports/radio-operators.csv'

/** The addresses of the demo servers. */
interface Places {
  files: string
  bucket: string
  sftpPort: number
  hostKey: string
  d4h: string
  connect: Pick<ConnectServer, 'url' | 'clientName' | 'passKey'>
}

/**
 * Returns the sources that a new user finds, one for each of the four options and each of the two CRMs, as bodies for
 * POST /api/sources.
 */
export function demoSources({ files, bucket, sftpPort, hostKey, d4h, connect }: Places): object[] {
  return [
    {
      name: 'Demo: team roster (CSV)',
      connection: { kind: 'https', url: `${files}/roster.csv` },
      schedule: { kind: 'weekly', days: ['mon', 'thu'], times: ['02:30'], timeZone: 'America/Vancouver' },
      notify: { emails: ['coordinator@example.org'], when: 'always' },
    },
    {
      name: 'Demo: volunteers (XLSX, with a password)',
      connection: { kind: 'https', url: `${files}/private/volunteers.xlsx`, ...BASIC },
      schedule: { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/New_York' },
      notify: { emails: ['coordinator@example.org'], when: 'problems' },
    },
    {
      name: 'Demo: drivers (CSV in an S3 bucket)',
      connection: { kind: 's3', url: `${bucket}/${DRIVERS}`, region: 'ca-central-1', ...S3_KEYS },
      schedule: { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/Toronto' },
      notify: { emails: ['coordinator@example.org'], when: 'problems' },
    },
    {
      name: 'Demo: radio operators (CSV over SFTP)',
      connection: { kind: 'sftp', url: `sftp://localhost${OPERATORS}`, port: sftpPort, hostKey, ...SFTP_LOGIN },
      schedule: { kind: 'weekly', days: ['sun'], times: ['22:00'], timeZone: 'America/Halifax' },
      notify: { emails: ['coordinator@example.org'], when: 'problems' },
    },
    {
      name: 'Demo: rescue team (D4H)',
      connection: { kind: 'd4h', url: d4h, token: D4H_TOKEN, teamId: D4H_TEAM.id },
      schedule: { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/Vancouver' },
      notify: { emails: ['coordinator@example.org'], when: 'problems' },
    },
    {
      name: 'Demo: prospective students (Connect)',
      connection: collegeConnection(connect.url, connect),
      mapping: [
        ...REQUIRED_MAPPING,
        { column: 'Email Address', to: 'email' },
        { column: 'Assigned Counselor', to: 'assignedUser' },
        { column: 'SMS Status', to: 'smsStatus' },
        { column: 'Academic Major', to: 'groups', list: true },
        { column: 'Stage', to: 'title' },
      ],
      smsStatus: { optedIn: 'Y', optedOut: 'N', emptyMeansOptedIn: false },
      schedule: { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/New_York' },
      notify: { emails: ['admissions@example.org'], when: 'always' },
    },
  ]
}
