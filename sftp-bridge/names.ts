/** The two parts of a path: the folder, which ends with a slash or is empty, and the file's name or pattern. */
export function splitPath(path: string): { folder: string; last: string } {
  const cut = path.lastIndexOf('/') + 1
  return { folder: path.slice(0, cut), last: path.slice(cut) }
}

/**
 * Whether a file of this name is still being made or has been dealt with: what uploaders and editors call their
 * temporary files, hidden files, and files that were moved after an import.
 */
export function isTemporary(name: string): boolean {
  return /^[.~]|~$|\.(tmp|part|filepart)$/i.test(name) || /\.imported-\d{8}T\d{6}Z$/.test(name)
}

/** Whether a name fits a pattern: `*` stands for any characters, `?` for one, everything else for itself. */
export function matches(pattern: string, name: string): boolean {
  const wanted = [...pattern]
  const given = [...name]
  let at = 0
  let star = -1
  let retry = 0
  let position = 0
  // Only the latest star needs another try: time grows with pattern times name, whatever either holds.
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
