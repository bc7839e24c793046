import { describe, expect, it } from 'vitest'
import { https } from './facts.ts'
import { httpsSchema } from './schema.ts'
import { fetchedUrl, nextcloudDownload, shareLink } from './share-link.ts'

const SHEET = '1AbC_d-EfGhIjKlMnOpQrStUvWxYz'
const SHEETS = `https://docs.google.com/spreadsheets/d/${SHEET}`
const PUBLISHED = 'https://docs.google.com/spreadsheets/d/e/2PACX-1vAbC_d'
const DRIVE = 'https://drive.usercontent.google.com/download?id=0B_x-Y&export=download&confirm=t'
const WORK = 'https://example-my.sharepoint.com'

describe('a share link', () => {
  it.each([
    // Google Sheets
    [`${SHEETS}/edit?gid=7#gid=7`, `${SHEETS}/export?format=csv&gid=7`],
    [`${SHEETS}/edit?gid=7`, `${SHEETS}/export?format=csv&gid=7`],
    [`${SHEETS}/edit#gid=7`, `${SHEETS}/export?format=csv&gid=7`],
    [`${SHEETS}/edit?gid=0#gid=7&range=A1`, `${SHEETS}/export?format=csv&gid=7`],
    [`${SHEETS}/edit?usp=sharing`, `${SHEETS}/export?format=csv`],
    [`${SHEETS}/edit?usp=sharing&ouid=1&rtpof=true&sd=true`, `${SHEETS}/export?format=csv`],
    [`${SHEETS}/view`, `${SHEETS}/export?format=csv`],
    [`${SHEETS}/htmlview?gid=3`, `${SHEETS}/export?format=csv&gid=3`],
    [`${SHEETS}`, `${SHEETS}/export?format=csv`],
    [`${SHEETS}/`, `${SHEETS}/export?format=csv`],
    [`${SHEETS}/edit?resourcekey=0-AbC&gid=2`, `${SHEETS}/export?format=csv&gid=2&resourcekey=0-AbC`],
    [`https://docs.google.com/spreadsheets/u/1/d/${SHEET}/edit#gid=7`, `${SHEETS}/export?format=csv&gid=7`],
    [`https://docs.google.com/a/example.org/spreadsheets/d/${SHEET}/edit#gid=7`, `${SHEETS}/export?format=csv&gid=7`],
    [`${SHEETS}/edit#gid=x`, `${SHEETS}/export?format=csv`],
    [`${SHEETS}/export?format=xlsx&gid=7`, `${SHEETS}/export?format=xlsx&gid=7`],
    [`${SHEETS}/gviz/tq?tqx=out:csv&sheet=Staff`, `${SHEETS}/gviz/tq?tqx=out:csv&sheet=Staff`],
    [`${PUBLISHED}/pubhtml`, `${PUBLISHED}/pub?output=csv`],
    [`${PUBLISHED}/pubhtml?gid=7&single=true`, `${PUBLISHED}/pub?gid=7&single=true&output=csv`],
    [
      `${PUBLISHED}/pubhtml?gid=7&single=true&widget=true&headers=false`,
      `${PUBLISHED}/pub?gid=7&single=true&output=csv`,
    ],
    [`${PUBLISHED}/pub?gid=7&single=true&output=csv`, `${PUBLISHED}/pub?gid=7&single=true&output=csv`],
    [`${PUBLISHED}/pub?output=xlsx`, `${PUBLISHED}/pub?output=xlsx`],
    [`${PUBLISHED}/pub?output=pdf`, `${PUBLISHED}/pub?output=csv`],
    // Google Drive
    ['https://drive.google.com/file/d/0B_x-Y/view?usp=sharing', DRIVE],
    ['https://drive.google.com/file/d/0B_x-Y', DRIVE],
    ['https://drive.google.com/file/u/0/d/0B_x-Y/edit', DRIVE],
    ['https://drive.google.com/open?id=0B_x-Y&usp=drive_copy', DRIVE],
    ['https://drive.google.com/uc?id=0B_x-Y&export=download', DRIVE],
    ['https://docs.google.com/uc?export=download&id=0B_x-Y', DRIVE],
    ['https://drive.google.com/file/d/0B_x-Y/view?resourcekey=0-AbC', `${DRIVE}&resourcekey=0-AbC`],
    [DRIVE, DRIVE],
    // Dropbox
    [
      'https://www.dropbox.com/scl/fi/x1y2/contacts.csv?rlkey=k3y&st=ab&dl=0',
      'https://www.dropbox.com/scl/fi/x1y2/contacts.csv?rlkey=k3y&st=ab&dl=1',
    ],
    ['https://www.dropbox.com/s/x1y2/contacts.csv', 'https://www.dropbox.com/s/x1y2/contacts.csv?dl=1'],
    ['https://dropbox.com/s/x1y2/contacts.csv?raw=1', 'https://dropbox.com/s/x1y2/contacts.csv?dl=1'],
    ['https://www.dropbox.com/s/x1y2/contacts.csv?dl=1', 'https://www.dropbox.com/s/x1y2/contacts.csv?dl=1'],
    // SharePoint and OneDrive for work
    [`${WORK}/:x:/g/personal/ana/EAbC?e=t0k`, `${WORK}/:x:/g/personal/ana/EAbC?e=t0k&download=1`],
    [`${WORK}/:u:/s/staff/EAbC`, `${WORK}/:u:/s/staff/EAbC?download=1`],
    [
      `${WORK}/:x:/r/sites/staff/a.xlsx?d=w1&csf=1&web=1&e=x`,
      `${WORK}/:x:/r/sites/staff/a.xlsx?d=w1&csf=1&e=x&download=1`,
    ],
    ['https://example.sharepoint.us/:t:/g/EAbC', 'https://example.sharepoint.us/:t:/g/EAbC?download=1'],
    [`${WORK}/personal/ana/Documents/a.csv`, `${WORK}/personal/ana/Documents/a.csv`],
    // GitHub and GitLab
    [
      'https://github.com/owner/repo/blob/main/data/a%20b.csv?raw=true#L3',
      'https://raw.githubusercontent.com/owner/repo/main/data/a%20b.csv',
    ],
    [
      'https://github.com/owner/repo/raw/refs/heads/main/a.csv',
      'https://raw.githubusercontent.com/owner/repo/refs/heads/main/a.csv',
    ],
    [
      'https://gist.github.com/ana/0123456789abcdef0123#file-a-csv',
      'https://gist.githubusercontent.com/ana/0123456789abcdef0123/raw',
    ],
    [
      'https://gist.github.com/ana/0123456789abcdef0123/raw/ab/a.csv',
      'https://gist.githubusercontent.com/ana/0123456789abcdef0123/raw/ab/a.csv',
    ],
    [
      'https://gitlab.example.org/g/p/-/blob/main/a.csv?ref_type=heads',
      'https://gitlab.example.org/g/p/-/raw/main/a.csv?ref_type=heads',
    ],
  ])('%s is fetched from %s', (pasted, fetched) => {
    expect(fetchedUrl(pasted)?.href).toBe(fetched)
    // What is fetched is not rewritten again.
    expect(fetchedUrl(fetched)?.href).toBe(fetched)
  })

  it.each([
    'https://files.example.org/contacts.csv?dl=0',
    'https://docs.google.com.example.org/spreadsheets/d/x/edit',
    'https://notdropbox.com/s/x/contacts.csv?dl=0',
    'https://sharepoint.com.example.org/:x:/g/x',
    'https://xsharepoint.com/:x:/g/x',
    'https://github.com/owner/repo',
    'https://docs.google.com:8443/spreadsheets/d/x/edit',
    'http://localhost:8080/spreadsheets/d/x/edit',
    'https://cloud.example.org/s/AbCdEfGhIjKlMnO',
  ])('%s is fetched from where it is', (address) => {
    expect(fetchedUrl(address)?.href).toBe(new URL(address).href)
    expect(https.fetches?.({ kind: 'https', url: address })).toBeNull()
  })

  it.each([
    'https://drive.google.com/drive/folders/1AbC?usp=sharing',
    'https://drive.google.com/drive/u/0/folders/1AbC',
    'https://docs.google.com/document/d/1AbC/edit',
    'https://docs.google.com/forms/d/1AbC/viewform',
    'https://www.dropbox.com/sh/x1y2/AbC?dl=0',
    'https://www.dropbox.com/scl/fo/x1y2/AbC?rlkey=k&dl=0',
    'https://www.dropbox.com/home/contacts.csv',
    `${WORK}/:f:/g/personal/ana/EAbC?e=t0k`,
    'https://1drv.ms/x/s!AbC',
    'https://onedrive.live.com/edit.aspx?resid=1',
  ])('%s is refused, with what to do', (url) => {
    const refused = httpsSchema.safeParse({ kind: 'https', url }).error?.issues
    expect(refused).toMatchObject([{ path: ['url'], message: expect.stringMatching(/Share|Paste|paste|Use/) }])
  })

  it('the address that is fetched is shown without its query, which may be a secret', () => {
    const fetches = (url: string) => https.fetches?.({ kind: 'https', url })
    expect(fetches(`${SHEETS}/edit#gid=7`)).toBe(`${SHEETS}/export?…`)
    expect(fetches('https://github.com/o/r/blob/main/a.csv')).toBe('https://raw.githubusercontent.com/o/r/main/a.csv')
    expect(fetches('https://www.dropbox.com/s/x/a.csv?dl=1')).toBeNull()
    expect(fetches('not an address')).toBeNull()
  })

  it('the credentials of a share link belong to the host that has the file', () => {
    const server = (url: string) => https.server({ kind: 'https', url })
    expect(server('https://github.com/o/r/blob/main/a.csv')).toBe('https://raw.githubusercontent.com')
    expect(server('https://gitlab.com/g/p/-/blob/main/a.csv')).toBe('https://gitlab.com')
  })

  it.each([
    ['https://cloud.example.org/s/AbCdEfGhIjKlMnO', 'https://cloud.example.org/s/AbCdEfGhIjKlMnO/download'],
    ['https://example.org/nc/index.php/s/AbC-dEf/?dir=/', 'https://example.org/nc/index.php/s/AbC-dEf/download?dir=/'],
    ['https://cloud.example.org/s/AbCdEfGhIjKlMnO/download', null],
    ['https://cloud.example.org/a/s/b/contacts', null],
  ])('the download of %s, if it is of Nextcloud, is %s', (link, download) => {
    expect(nextcloudDownload(new URL(link))?.href ?? null).toBe(download)
  })

  it('no address of a known host makes it throw', () => {
    const hosts = [
      'docs.google.com',
      'drive.google.com',
      'www.dropbox.com',
      'github.com',
      'gist.github.com',
      'a.sharepoint.com',
    ]
    const paths = [
      '/',
      '//',
      '/%',
      '/%E0%A4%A',
      '/:x:/',
      '/s/',
      '/file/d/',
      '/spreadsheets/d/',
      '/a/b/blob/%2F..%2F',
      '/uc?id=%',
    ]
    for (const host of hosts) for (const path of paths) shareLink(new URL(`https://${host}${path}`))
  })
})
