import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2'

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

/** A file in memory. `modified` is in seconds since 1970, as in SFTP. */
export interface RemoteFile {
  bytes: Uint8Array
  modified: number
}

/** An open handle: a file as it was when it was opened, or the entries of a folder that are not listed yet. */
type Opened = { file: RemoteFile } | { entries: FileEntry[] }

const REGULAR_FILE = 0o100444
const FOLDER = 0o040555

/** Answers one client's requests (draft-ietf-secsh-filexfer-02) from `files`, whose keys are absolute paths. Read-only. */
export function serveFiles(sftp: SFTPWrapper, files: ReadonlyMap<string, RemoteFile>): void {
  const opened = new Map<number, Opened>()
  let handles = 0

  const give = (request: number, what: Opened) => {
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(handles)
    opened.set(handles++, what)
    sftp.handle(request, handle)
  }
  const find = (handle: Buffer) => (handle.length === 4 ? opened.get(handle.readUInt32BE()) : undefined)
  const missing = (request: number) => sftp.status(request, STATUS_CODE.NO_SUCH_FILE)
  const refused = (request: number) => sftp.status(request, STATUS_CODE.PERMISSION_DENIED)
  const stat = (request: number, path: string) => {
    const found = attributesOf(files, absolute(path))
    if (found === null) missing(request)
    else sftp.attrs(request, found)
  }

  sftp
    .on('REALPATH', (request, path) => sftp.name(request, [entry(absolute(path), FOLDER, 0, 0)]))
    .on('STAT', stat)
    .on('LSTAT', stat)
    .on('OPEN', (request, path, flags) => {
      const file = files.get(absolute(path))
      if ((flags & ~OPEN_MODE.READ) !== 0) refused(request)
      else if (file === undefined) missing(request)
      else give(request, { file })
    })
    .on('FSTAT', (request, handle) => {
      const found = find(handle)
      if (found !== undefined && 'file' in found) sftp.attrs(request, attributes(found.file))
      else sftp.status(request, STATUS_CODE.FAILURE)
    })
    .on('READ', (request, handle, offset, length) => {
      const found = find(handle)
      if (found === undefined || !('file' in found)) sftp.status(request, STATUS_CODE.FAILURE)
      else if (offset >= found.file.bytes.length) sftp.status(request, STATUS_CODE.EOF)
      else sftp.data(request, Buffer.from(found.file.bytes.subarray(offset, offset + length)))
    })
    .on('OPENDIR', (request, path) => {
      const entries = entriesOf(files, absolute(path))
      if (entries.length === 0) missing(request)
      else give(request, { entries })
    })
    .on('READDIR', (request, handle) => {
      const found = find(handle)
      const entries = found !== undefined && 'entries' in found ? found.entries.splice(0) : []
      if (entries.length === 0) sftp.status(request, STATUS_CODE.EOF)
      else sftp.name(request, entries)
    })
    .on('CLOSE', (request, handle) => {
      const known = handle.length === 4 && opened.delete(handle.readUInt32BE())
      sftp.status(request, known ? STATUS_CODE.OK : STATUS_CODE.FAILURE)
    })
    .on('WRITE', refused)
    .on('REMOVE', refused)
    .on('RENAME', refused)
    .on('MKDIR', refused)
    .on('RMDIR', refused)
    .on('SETSTAT', refused)
}

/** Returns the absolute path. A relative path starts at the root, which is the folder that the user signs in to. */
function absolute(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return `/${parts.join('/')}`
}

function attributesOf(files: ReadonlyMap<string, RemoteFile>, path: string): Attributes | null {
  const file = files.get(path)
  if (file !== undefined) return attributes(file)
  const [first] = entriesOf(files, path)
  return first === undefined ? null : { ...first.attrs, mode: FOLDER, size: 0 }
}

function entriesOf(files: ReadonlyMap<string, RemoteFile>, folder: string): FileEntry[] {
  const prefix = folder === '/' ? '/' : `${folder}/`
  const entries = new Map<string, FileEntry>()
  for (const [path, { bytes, modified }] of files) {
    if (!path.startsWith(prefix)) continue
    const [name = '', below] = path.slice(prefix.length).split('/')
    entries.set(
      name,
      below === undefined ? entry(name, REGULAR_FILE, bytes.length, modified) : entry(name, FOLDER, 0, modified),
    )
  }
  return [...entries.values()]
}

function entry(filename: string, mode: number, size: number, modified: number): FileEntry {
  const longname = `${mode === FOLDER ? 'dr-xr-xr-x' : '-r--r--r--'} 1 demo demo ${size} Jan  1 00:00 ${filename}`
  return { filename, longname, attrs: { mode, uid: 0, gid: 0, size, atime: modified, mtime: modified } }
}

function attributes({ bytes, modified }: RemoteFile): Attributes {
  return entry('', REGULAR_FILE, bytes.length, modified).attrs
}
