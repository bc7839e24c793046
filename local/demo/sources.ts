import { BASIC, type FileServer } from './file-server.ts'

/** The sources a newcomer finds, as bodies for POST /api/sources. */
export function demoSources(files: FileServer): object[] {
  return [
    {
      name: 'Demo: team roster (CSV)',
      connection: { kind: 'https', url: `${files.url}/roster.csv` },
      schedule: { kind: 'weekly', days: ['mon', 'thu'], times: ['02:30'], timeZone: 'America/Vancouver' },
      notify: { emails: ['coordinator@example.org'], when: 'always' },
    },
    {
      name: 'Demo: volunteers (XLSX, with a password)',
      connection: { kind: 'https', url: `${files.url}/private/volunteers.xlsx`, ...BASIC },
      schedule: { kind: 'nightly', from: '01:00', to: '04:00', timeZone: 'America/New_York' },
      notify: { emails: ['coordinator@example.org'], when: 'problems' },
    },
  ]
}
