/** Splits a path into the folder, which ends with a slash or is empty, and the file's name or pattern. */
export function splitPath(path: string): { folder: string; last: string } {
  const cut = path.lastIndexOf('/') + 1
  return { folder: path.slice(0, cut), last: path.slice(cut) }
}

/**
 * Returns whether a file with this name is incomplete or already imported: the temporary names of uploaders and
 * editors, hidden files, and files that were moved after an import.
 */
export function isTemporary(name: string): boolean {
  return /^[.~]|~$|\.(tmp|part|filepart)$/i.test(name) || /\.imported-\d{8}T\d{6}Z$/.test(name)
}

/**
 * Returns whether a name fits a pattern. `*` matches any characters and `?` matches one; every other character matches
 * itself.
 */
export function matches(pattern: string, name: string): boolean {
  const wanted = [...pattern]
  const given = [...name]
  let at = 0
  let star = -1
  let retry = 0
  let position = 0
  // Only the latest star is retried, so the time grows at most with the length of the pattern times the length of the
  // name.
  while (position < given.length) {
    if (wanted[at] === '*') {
      star = at++
      retry = position
    } else if (wanted[at] === '?' || wanted[at] === given[position]) {
      at++
      position++
    } else if (star >= 0) {
      at = star + 1
      position = ++retry
    } else {
      return false
    }
  }
  return wanted.slice(at).every((character) => character === '*')
}
