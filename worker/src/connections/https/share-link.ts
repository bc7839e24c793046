/**
 * The addresses that people copy from a service lead to a page that shows the file. This module knows the address of the
 * file itself, by what the services document. It makes no request.
 */

/** A service whose links are known, by the advice that its links need. */
export type Service = 'google' | 'dropbox' | 'sharepoint' | 'onedrive' | 'github' | 'gitlab'

export type ShareLink =
  /** The address that gives the file; the one that was pasted, if that already does. */
  | { service: Service; url: URL }
  /** A link that cannot give a file. The sentence says why, and what to do. */
  | { service: Service; refused: string }

/** Returns what the address of a service leads to; null if it is of no service that is known. Never throws. */
export function shareLink(address: URL): ShareLink | null {
  if (address.protocol !== 'https:' || address.port !== '') return null
  const host = address.hostname.replace(/\.$/, '')
  switch (host) {
    case 'docs.google.com':
    case 'drive.google.com':
    case 'drive.usercontent.google.com':
    case 'spreadsheets.google.com':
      return google(address)
    case 'www.dropbox.com':
    case 'dropbox.com':
      return dropbox(address)
    case '1drv.ms':
    case 'onedrive.live.com':
    case 'onedrive.com':
    case 'www.onedrive.com':
      return { service: 'onedrive', refused: PERSONAL_ONEDRIVE }
    case 'github.com':
    case 'www.github.com':
      return github(address)
    case 'raw.githubusercontent.com':
    case 'gist.githubusercontent.com':
      return { service: 'github', url: address }
    case 'gist.github.com':
      return gist(address)
  }
  if (/\.sharepoint(?:-mil)?\.(?:com|us|cn|de)$/.test(host)) return sharepoint(address)
  return gitlab(address)
}

/**
 * Returns the address that gives the file of a public link of Nextcloud, which is found on any host. A host must have
 * answered the link with a web page before, since other servers have such paths too. Returns null for any other address.
 */
export function nextcloudDownload(address: URL): URL | null {
  return /\/s\/[\w-]{4,64}\/?$/.test(address.pathname)
    ? changed(address, (url) => {
        url.pathname = `${url.pathname.replace(/\/$/, '')}/download`
      })
    : null
}

/** Returns the address to fetch: that of the file itself, or else the one that was entered; null if it is no address. */
export function fetchedUrl(address: string): URL | null {
  const url = URL.parse(address)
  const link = url === null ? null : shareLink(url)
  return link !== null && 'url' in link ? link.url : url
}

const PERSONAL_ONEDRIVE =
  'Links of a personal OneDrive give no file to a program. Use a link of OneDrive for work, SharePoint, Google Drive or Dropbox, or put the file on a web server'
const GOOGLE_FOLDER = 'This is a folder. Share the file itself in Google Drive, and paste its link'
const GOOGLE_OTHER =
  'This is no spreadsheet. Paste the link of a Google sheet, or of a .csv or .xlsx file in Google Drive'
const DROPBOX_FOLDER = 'This is a folder. Share the file itself in Dropbox, and paste its link'
const DROPBOX_OWN =
  'This is your own view of Dropbox, which needs your sign-in. Choose Share, Copy link, and paste that link'
const SHAREPOINT_FOLDER = 'This is a folder. Share the file itself in SharePoint or OneDrive, and paste its link'

/** The formats of an export that Muster reads. */
const TABLES: ReadonlySet<string | null> = new Set(['csv', 'tsv', 'xlsx'])

function google(address: URL): ShareLink {
  const { pathname, hostname } = address
  const published = /^(?:\/a\/[^/]+)?\/spreadsheets(?:\/u\/\d+)?\/d\/e\/([\w-]+)\/pub(?:html)?$/.exec(pathname)?.[1]
  if (published !== undefined) return publishedSheet(address, published)
  const sheet = /^(?:\/a\/[^/]+)?\/spreadsheets(?:\/u\/\d+)?\/d\/([\w-]+)(?:\/([\w/]*))?$/.exec(pathname)
  if (sheet?.[1] !== undefined) return googleSheet(address, sheet[1], sheet[2] ?? '')
  if (/^(?:\/u\/\d+|\/a\/[^/]+)?\/drive\/(?:u\/\d+\/)?folders\//.test(pathname))
    return { service: 'google', refused: GOOGLE_FOLDER }
  if (/^(?:\/a\/[^/]+)?\/(?:document|presentation|forms|drawings)\//.test(pathname))
    return { service: 'google', refused: GOOGLE_OTHER }
  const file =
    /^(?:\/a\/[^/]+)?\/file(?:\/u\/\d+)?\/d\/([\w-]+)/.exec(pathname)?.[1] ??
    (/^(?:\/a\/[^/]+)?(?:\/u\/\d+)?\/(?:open|uc)$/.test(pathname) ? address.searchParams.get('id') : null)
  if (file !== null && /^[\w-]+$/.test(file) && hostname !== 'drive.usercontent.google.com')
    return { service: 'google', url: driveFile(address, file) }
  return { service: 'google', url: address }
}

/** A sheet is exported. The part of the address behind `#` wins, since it follows the tab that is shown. */
function googleSheet(address: URL, id: string, view: string): ShareLink {
  if (/^(?:export|gviz)\b/.test(view)) return { service: 'google', url: address }
  const gid = [address.hash, address.search].map((part) => /[#?&]gid=(\d+)/.exec(part)?.[1]).find((found) => found)
  const url = new URL(`https://docs.google.com/spreadsheets/d/${id}/export`)
  url.searchParams.set('format', 'csv')
  if (gid !== undefined) url.searchParams.set('gid', gid)
  keepResourceKey(address, url)
  return { service: 'google', url }
}

function publishedSheet(address: URL, id: string): ShareLink {
  const { searchParams, pathname } = address
  if (pathname.endsWith('/pub') && TABLES.has(searchParams.get('output'))) return { service: 'google', url: address }
  const url = new URL(`https://docs.google.com/spreadsheets/d/e/${id}/pub`)
  for (const name of ['gid', 'single']) {
    const value = searchParams.get(name)
    if (value !== null) url.searchParams.set(name, value)
  }
  url.searchParams.set('output', 'csv')
  return { service: 'google', url }
}

/** `confirm` passes the page that says that a large file was not scanned for viruses. */
function driveFile(address: URL, id: string): URL {
  const url = new URL('https://drive.usercontent.google.com/download')
  url.searchParams.set('id', id)
  url.searchParams.set('export', 'download')
  url.searchParams.set('confirm', 't')
  keepResourceKey(address, url)
  return url
}

/** Older files that were shared by a link need this key beside their ID. */
function keepResourceKey(from: URL, to: URL): void {
  const key = from.searchParams.get('resourcekey')
  if (key !== null) to.searchParams.set('resourcekey', key)
}

function dropbox(address: URL): ShareLink {
  const { pathname } = address
  if (/^\/(?:sh|scl\/fo)\//.test(pathname)) return { service: 'dropbox', refused: DROPBOX_FOLDER }
  if (/^\/(?:home|work|personal|preview)(?:\/|$)/.test(pathname)) return { service: 'dropbox', refused: DROPBOX_OWN }
  if (!/^\/(?:s|scl\/fi)\//.test(pathname)) return { service: 'dropbox', url: address }
  const url = changed(address, ({ searchParams }) => {
    searchParams.delete('raw')
    searchParams.set('dl', '1')
  })
  return { service: 'dropbox', url }
}

/** `/:x:/g/…` is a link for anyone, `/:x:/s/…` and `/:x:/r/…` are for people who sign in; the letter is the kind of file. */
function sharepoint(address: URL): ShareLink {
  const kind = /^\/:(\w):\//.exec(address.pathname)?.[1]
  if (kind === 'f') return { service: 'sharepoint', refused: SHAREPOINT_FOLDER }
  if (kind === undefined) return { service: 'sharepoint', url: address }
  const url = changed(address, ({ searchParams }) => {
    searchParams.delete('web')
    searchParams.set('download', '1')
  })
  return { service: 'sharepoint', url }
}

function github(address: URL): ShareLink | null {
  const [, owner, repository, path] = /^\/([^/]+)\/([^/]+)\/(?:blob|raw)\/(.+)$/.exec(address.pathname) ?? []
  if (path === undefined) return null
  return { service: 'github', url: new URL(`https://raw.githubusercontent.com/${owner}/${repository}/${path}`) }
}

/** The address without a file's name gives the first file of a gist. */
function gist(address: URL): ShareLink | null {
  const [, user, id, path = '/raw'] = /^\/([^/]+)\/([\da-f]{20,})(\/raw(?:\/.*)?)?\/?$/.exec(address.pathname) ?? []
  if (id === undefined) return null
  return { service: 'github', url: new URL(`https://gist.githubusercontent.com/${user}/${id}${path}`) }
}

/** GitLab is found on any host; no other service has such a path. */
function gitlab(address: URL): ShareLink | null {
  if (!address.pathname.includes('/-/blob/')) return null
  const url = changed(address, (one) => {
    one.pathname = one.pathname.replace('/-/blob/', '/-/raw/')
  })
  return { service: 'gitlab', url }
}

/** Returns a changed copy of an address, without the part behind `#`. */
function changed(address: URL, change: (url: URL) => void): URL {
  const url = new URL(address)
  url.hash = ''
  change(url)
  return url
}
