/** A member as the stand-in stores it, in short form; `answers.ts` writes it in D4H's form. Times are ISO 8601 UTC. */
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
  /** The custom fields by ID: a text, or the IDs of the chosen options. */
  fields: Record<number, string | number[] | null>
  updatedAt: string
  /** The ID of the team's own status, which refines `status`; null if there is none. */
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

/** Returns a member with only the given values; the others are empty. */
export function d4hMember(known: Partial<D4hMember> & Pick<D4hMember, 'id' | 'name'>): D4hMember {
  const nothing = { ref: null, position: null, email: null, mobile: null, home: null, work: null, pager: null }
  return { ...nothing, status: 'OPERATIONAL', fields: {}, label: null, updatedAt: LONG_AGO, ...known }
}

/** Returns a team with only the given members, groups and fields. */
export function d4hTeam(known: Partial<D4hTeamData> & Pick<D4hTeamData, 'id' | 'title'>): D4hTeamData {
  return { members: [], groups: [], memberships: [], fields: [], ...known }
}
