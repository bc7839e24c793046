import { listNotation } from './list-notation.ts'
import { REFUSALS } from './phone-notes.ts'
import { foldWords, PLACE_WORDS } from './phone-words.ts'
import { quote, readText } from './text.ts'
import { type Finding, read, readParts, type Value } from './value.ts'

/** RFC 5321, 4.5.3.1: the longest path is 256 octets with its angle brackets, the longest local part 64. */
const LONGEST_ADDRESS = 254
const LONGEST_LOCAL_PART = 64
const LONGEST_LABEL = 63

const SEPARATOR = /[\s,;|]+/u
const LOCAL_PART = /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}.]+(?:\.[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}.]+)*$/u
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u
const WRAPPED = /^(?:"(.*)"|'(.*)'|\((.*)\)|\[(.*)\])$/su

/** One address of the simplest kind, as in nearly every cell. All the rules below would return it unchanged. */
const PLAIN = /^[\w+-]+(?:\.[\w+-]+)*@(?:[a-z\d]+(?:-+[a-z\d]+)*\.)+[a-z]{2,}$/

/** A link of Markdown, `[text](address)`. */
const LINK = /\[([^[\]]*)\]\(([^()\s]*)\)/gu
/** Words beside an address that say nothing that must be kept: `Work: a@b.org (preferred)`. */
const LABELS: ReadonlySet<string> = new Set([
  ...PLACE_WORDS,
  ...'email emails mail e courriel correo personal private primary secondary main principal principale school'.split(
    ' ',
  ),
  ...'preferred alternate alternative alt other perso personnel prive and or und oder ou et y o e'.split(' '),
])

/**
 * Returns the e-mail addresses of a cell in their order: separated by commas, semicolons, `|`, `/` or space, as `Name
 * <a@b.org>`, `mailto:a@b.org` or a link of Markdown, with labels beside them. The domain is returned in lower case, the
 * local part as written. Each part that is not an address is a finding. An address beside a word that refuses it (`old`) is
 * left out.
 */
export function readEmails(cell: string): Value<string[]> {
  if (cell.length <= LONGEST_LABEL && PLAIN.test(cell)) return read([cell])
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const emails = new Map<string, string>()
  const findings: Finding[] = []
  const hasAddress = text.value.includes('@')
  let last: string | null = null
  const listed = /^[[{]/u.test(text.value) ? listNotation(text.value)?.join(', ') : undefined
  const all = parts((listed ?? text.value).replace(LINK, link))
  // A cell without any address is one mistake, however many words it has.
  if (!hasAddress && all.length > 1) {
    return readParts([], [{ code: 'email_unreadable', message: unreadableMessage(text.value) }])
  }
  for (const part of all) {
    const word = part.includes('@') || !hasAddress ? '' : foldWords(part).replace(/[^\p{L}]+/gu, '')
    if (LABELS.has(word)) continue
    const address = normalise(part)
    if (address === null) {
      if (last !== null && REFUSALS.has(word)) emails.delete(last)
      findings.push({ code: 'email_unreadable', message: unreadableMessage(part) })
    } else if (address.length > LONGEST_ADDRESS) {
      findings.push({ code: 'email_too_long', message: tooLongMessage(part) })
    } else {
      last = address.toLowerCase()
      if (!emails.has(last)) emails.set(last, address)
    }
  }
  return readParts([...emails.values()], findings)
}

/** Returns both parts of a link as parts of a cell. The text of a link is often a name. */
function link(_: string, label: string, address: string): string {
  return label.includes('@') ? ` ${label} ${address} ` : ` ${address} `
}

/**
 * Splits a cell into parts that should be addresses. Before `<`, the words after the last one with an `@` are a
 * person’s name.
 */
function parts(text: string): string[] {
  const found: string[] = []
  let rest = text
  for (let open = rest.indexOf('<'); open >= 0; open = rest.indexOf('<')) {
    const close = rest.indexOf('>', open)
    if (close < 0) break
    const before = words(rest.slice(0, open))
    const name = before.findLastIndex((word) => word.includes('@')) + 1
    for (const word of before.slice(0, name)) found.push(word)
    const inside = rest.slice(open + 1, close).trim()
    if (!/^(?:\/|a\s)/iu.test(inside)) found.push(inside)
    rest = rest.slice(close + 1)
  }
  return found.concat(words(rest))
}

function words(text: string): string[] {
  return text
    .split(SEPARATOR)
    .flatMap((word) => (word.indexOf('@') === word.lastIndexOf('@') ? [word] : word.split(/[/&\\]/u)))
    .filter((word) => /[\p{L}\p{N}@]/u.test(word))
}

/** Returns the address in its canonical form, or null if the part is not an address. The result may be too long. */
function normalise(part: string): string | null {
  const address = withoutScheme(unwrap(withoutEnd(part)))
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(at, 0))
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .normalize('NFC')
  return at > 0 && local.length <= LONGEST_LOCAL_PART && LOCAL_PART.test(local) && isDomain(domain)
    ? `${local}@${domain}`
    : null
}

/** Removes the `mailto:` scheme and its query (RFC 6068): `mailto:a@b.org?subject=…`. */
function withoutScheme(part: string): string {
  return /^mailto:/iu.test(part) ? part.slice('mailto:'.length).replace(/\?.*$/su, '') : part
}

/** Cuts off the punctuation after an address at the end of a sentence. */
function withoutEnd(part: string): string {
  let end = part.length
  while (end > 0 && '.:!>*'.includes(part.charAt(end - 1))) end--
  return part.slice(0, end)
}

function unwrap(part: string): string {
  const inside = WRAPPED.exec(part)
    ?.slice(1)
    .find((group) => group !== undefined)
  return inside ?? part
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.')
  const top = labels.at(-1) ?? ''
  return (
    labels.length > 1 &&
    labels.every((label) => label.length <= LONGEST_LABEL && LABEL.test(label)) &&
    top.length > 1 &&
    !/^\p{N}+$/u.test(top)
  )
}

function unreadableMessage(part: string): string {
  return `${quote(part)} is not an e-mail address. Correct it so that it reads like name@example.org.`
}

function tooLongMessage(part: string): string {
  return `The e-mail address ${quote(part)} is over ${LONGEST_ADDRESS} characters long. Correct it.`
}
