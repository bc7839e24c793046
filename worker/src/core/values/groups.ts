import { groupKey } from '../contact.ts'
import { cleanLine, quote, readBlank, readText } from './text.ts'
import { BLANK, type Finding, read, unreadable, type Value } from './value.ts'

/** A group as one row names it. */
export interface GroupName {
  /** The form that is compared: see `groupKey`. */
  key: string
  spelling: string
}

const LONGEST_NAME = 200

/**
 * Returns the groups of a cell in their order, no two with the same key (seed: “Separate group names using a comma”).
 * In a cell with line breaks, each line is a group and a comma is part of a name.
 */
export function readGroups(cell: string): Value<GroupName[]> {
  const text = readText(cell)
  if (text.kind !== 'value') return text
  const groups = new Map<string, GroupName>()
  const findings: Finding[] = [...text.findings]
  for (const part of groupNames(text.value)) {
    const spelling = cleanLine(part)
    const blank = readBlank(spelling)
    if (blank !== null) {
      findings.push(...blank.findings)
      continue
    }
    if (spelling.length > LONGEST_NAME) return tooLong(spelling)
    const key = groupKey(spelling)
    if (!groups.has(key)) groups.set(key, { key, spelling })
  }
  if (groups.size > 0) return read([...groups.values()], findings)
  return findings.length === 0 ? BLANK : { kind: 'blank', findings }
}

/** Splits a clean text with several group names. */
export function groupNames(text: string): string[] {
  return text.split(text.includes('\n') ? '\n' : ',')
}

function tooLong(name: string) {
  return unreadable(
    'group_name_too_long',
    `The group name ${quote(name)} is over ${LONGEST_NAME} characters long. Shorten it, or separate several groups with commas.`,
  )
}
