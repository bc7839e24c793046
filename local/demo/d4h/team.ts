/** What the stand-in keeps, in few words; `answers.ts` says it as D4H does. Times are ISO 8601 UTC. */
export interface D4hMember {
  id: number
  name: string
  ref: string | null
  position: string | null
  status: 'OPERATIONAL' | 'NON_OPERATIONAL' | 'OBSERVER' | 'RETIRED'
  email: string | null
  mobile: string | null
  home: string | null
  work: string | null
  pager: string | null
  /** By the field's ID: a text, or the IDs of the chosen options. */
  fields: Record<number, string | number[] | null>
  updatedAt: string
  /** The team's own status below the others, by its ID. */
  label: number | null
}

export interface D4hGroup {
  id: number
  title: string
  updatedAt: string
}

export interface D4hMembership {
  id: number
  group: number
  member: number
  updatedAt: string
}

export interface D4hField {
  id: number
  title: string
  type: 'TEXT' | 'NUMBER' | 'SINGLE_CHOICE' | 'MULTIPLE_CHOICE'
  options: { id: number; label: string }[]
  archived: boolean
  updatedAt: string
}

/** One team of the stand-in. */
export interface D4hTeamData {
  id: number
  title: string
  members: D4hMember[]
  groups: D4hGroup[]
  memberships: D4hMembership[]
  fields: D4hField[]
}

const LONG_AGO = '2026-01-05T08:00:00.000Z'

/** A member of whom only what is given is known. */
export function d4hMember(known: Partial<D4hMember> & Pick<D4hMember, 'id' | 'name'>): D4hMember {
  const nothing = { ref: null, position: null, email: null, mobile: null, home: null, work: null, pager: null }
  return { ...nothing, status: 'OPERATIONAL', fields: {}, label: null, updatedAt: LONG_AGO, ...known }
}

/** A team without members, groups and fields but those given. */
export function d4hTeam(known: Partial<D4hTeamData> & Pick<D4hTeamData, 'id' | 'title'>): D4hTeamData {
  return { members: [], groups: [], memberships: [], fields: [], ...known }
}
