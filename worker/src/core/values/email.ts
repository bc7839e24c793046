import { quote, readText } from './text.ts'
import { type Finding, read, readParts, type Value } from './value.ts'

/** RFC 5321, 4.5.3.1: the longest path is 256 octets with its angle brackets, the longest local part 64. */
const LONGEST_ADDRESS = 254
const LONGEST_LOCAL_PART = 64
const LONGEST_LABEL = 63

const SEPARATOR = /[\s,;]+/u
const LOCAL_PART = /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}.]+(?:\.[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}.]+)*$/u
const LABEL = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u
const WRAPPED = /^(?:"(.*)"|'(.*)'|\((.*)\)|\[(.*)\])$/su

/** One address of the simplest kind, as in nearly every cell. All the rules below would return it unchanged. */
const PLAIN = /^[\w+-]+(?:\.[\w+-]+)*@(?:[a-z\d]+(?:-+[a-z\d]+)*\.)+[a-z]{2,}$/

/**
 * Returns the e-mail addresses of a cell in their order: separated by commas, semicolons or space, as `Name <a@b.org>`
 * or `mailto:a@b.org`. The domain is returned in lower case, the local part as written. Each part that is not an
 * address is a finding.
 */
export function readEmails(cell: string): Value<string[]> {
  if (cell.length <= LONGEST_LABEL && PLAIN.test(cell)) return read([cell])
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const emails = new Map<string, string>()
  const findings: Finding[] = []
  for (const part of parts(text.value)) {
    const address = normalise(part)
    if (address === null) findings.push({ code: 'email_unreadable', message: unreadableMessage(part) })
    else if (address.length > LONGEST_ADDRESS) findings.push({ code: 'email_too_long', message: tooLongMessage(part) })
    else if (!emails.has(address.toLowerCase())) emails.set(address.toLowerCase(), address)
  }
  return readParts([...emails.values()], findings)
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
    found.push(rest.slice(open + 1, close).trim())
    rest = rest.slice(close + 1)
  }
  return found.concat(words(rest))
}

function words(text: string): string[] {
  return text.split(SEPARATOR).filter((word) => /[\p{L}\p{N}@]/u.test(word) && !/^(?:or|and)$/iu.test(word))
}

/** Returns the address in its canonical form, or null if the part is not an address. The result may be too long. */
function normalise(part: string): string | null {
  const address = withoutScheme(unwrap(part))
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
