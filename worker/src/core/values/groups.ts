import { groupKey } from '../contact.ts'
import { listNotation } from './list-notation.ts'
import { cleanLine, quote, readBlank, readText } from './text.ts'
import { BLANK, type Finding, read, type Value } from './value.ts'

/** A group as one row names it. */
export interface GroupName {
  /** The form that is compared: see `groupKey`. */
  key: string
  spelling: string
}

const LONGEST_NAME = 200
const MOST_FINDINGS = 10
const SEPARATOR = /[,;|]/

/**
 * Returns the groups of a cell in their order, no two with the same key (seed: “Separate group names using a comma”).
 * Semicolons and `|` separate them too, and each notation of `listNotation`, in which a comma is part of a name. A name
 * that is too long is a finding.
 */
export function readGroups(cell: string): Value<GroupName[]> {
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const groups = new Map<string, GroupName>()
  const findings: Finding[] = [...text.findings]
  for (const part of groupNames(text.value)) {
    // Most names follow a comma and a space. Without the space they need no cleaning.
    const spelling = cleanLine(part.trim())
    const blank = readBlank(spelling)
    if (blank !== null) {
      findings.push(...blank.findings)
      continue
    }
    if (spelling.length > LONGEST_NAME) {
      if (findings.length < MOST_FINDINGS) findings.push(tooLong(spelling))
      continue
    }
    const key = groupKey(spelling)
    if (!groups.has(key)) groups.set(key, { key, spelling })
  }
  if (groups.size > 0) return read([...groups.values()], findings)
  const [first, ...rest] = findings.filter(({ code }) => code === 'group_name_too_long')
  if (first !== undefined) return { kind: 'unreadable', findings: [first, ...rest] }
  return findings.length === 0 ? BLANK : { kind: 'blank', findings }
}

/** Splits a clean text with several group names. */
export function groupNames(text: string): string[] {
  return listNotation(text) ?? text.split(SEPARATOR)
}

function tooLong(name: string): Finding {
  return {
    code: 'group_name_too_long',
    message: `The group name ${quote(name)} is over ${LONGEST_NAME} characters long. Shorten it, or separate several groups with commas.`,
  }
}
