/**
 * Returns the values of a clean text that shows by its notation that it is a list, so that a comma may be part of a value:
 * a line for each, a JSON list, a list of Python, Java or PostgreSQL (`{Rope,"Search, North"}`), ` ::: ` of Google and
 * `1;#Rope;#2;#Search` of SharePoint, whose IDs are dropped. Returns null for any other text.
 */
export function listNotation(text: string): string[] | null {
  const ends = text.charAt(0) + text.charAt(text.length - 1)
  const bracketed = ends === '[]' || ends === '{}' ? bracketedList(text) : null
  if (bracketed !== null) return bracketed
  if (text.includes('\n')) return text.split('\n').map(withoutSeparator)
  if (text.includes(':::')) return text.split(':::')
  return text.includes(';#') ? sharePointList(text) : null
}

/** People end the lines of a list with a comma, and begin them with a bullet. */
function withoutSeparator(line: string): string {
  let end = line.length
  while (end > 0 && ',;| '.includes(line.charAt(end - 1))) end--
  return line.slice(0, end).replace(/^ ?[•‣▪] ?/u, '')
}

function bracketedList(text: string): string[] | null {
  const inner = text.slice(1, -1)
  if (inner.trim() === '') return []
  // A name may stand in brackets, and then it has neither quotation marks nor a comma.
  if (text.startsWith('[')) return jsonList(text) ?? (/["',]/.test(inner) ? quotedList(inner) : null)
  return quotedList(inner)
}

function jsonList(text: string): string[] | null {
  try {
    const values: unknown = JSON.parse(text)
    if (!Array.isArray(values)) return null
    const listed = values.filter((value) => value !== null)
    return listed.every(isPlain) ? listed.map(String) : null
  } catch {
    return null
  }
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

/** Reads values between commas, each with or without quotation marks. Returns null if a quotation mark is out of place. */
function quotedList(text: string): string[] | null {
  const values: string[] = []
  for (let at = 0; at <= text.length; at++) {
    while (text.charAt(at) === ' ' || text.charAt(at) === '\n') at++
    const quote = text.charAt(at)
    if (quote !== '"' && quote !== "'") {
      const comma = text.indexOf(',', at)
      const end = comma === -1 ? text.length : comma
      const value = text.slice(at, end).trim()
      if (value.includes('"')) return null
      if (value !== 'NULL' && value !== 'None') values.push(value)
      at = end
      continue
    }
    let value = ''
    for (at++; at < text.length && text.charAt(at) !== quote; at++) {
      if (text.charAt(at) === '\\') at++
      value += text.charAt(at)
    }
    at++
    while (text.charAt(at) === ' ' || text.charAt(at) === '\n') at++
    if (at < text.length && text.charAt(at) !== ',') return null
    if (at > text.length) return null
    values.push(value)
  }
  return values
}

function sharePointList(text: string): string[] {
  const parts = text.split(/;#?/)
  return /^\d+;#/.test(text) ? parts.filter((_, i) => i % 2 === 1) : parts
}
