import { ITEMS, type ListName, type Shape } from './description.ts'
import type { D4hField, D4hGroup, D4hMember, D4hMembership, D4hTeamData } from './team.ts'

/** An item of a list. */
export type Item = Record<string, unknown> & { id: number }

const CREATED = '2025-01-05T08:00:00.000Z'

/** Returns all items of a list as D4H sends them, unsorted. */
export function itemsOf(team: D4hTeamData, list: ListName): Item[] {
  switch (list) {
    case 'members':
      return team.members.map((member) => memberItem(member, team))
    case 'member-groups':
      return team.groups.map((group) => groupItem(group, team.id))
    case 'member-group-memberships':
      return team.memberships.map((membership) => membershipItem(membership, team.id))
    case 'custom-fields':
      return team.fields.map((field) => fieldItem(field, team.id))
  }
}

/** Returns an item with every member that the description shows; a member without a known value is null. */
function described(list: ListName, known: Record<string, unknown> & { id: number; updatedAt: string }): Item {
  const nothing = Object.fromEntries(Object.entries(ITEMS[list]).map(([name, shape]) => [name, nothingOf(shape)]))
  return { ...nothing, createdAt: CREATED, ...known }
}

function nothingOf(shape: Shape): unknown {
  return Array.isArray(shape) ? [] : null
}

function resource(resourceType: string, id: number | null) {
  return { id, resourceType }
}

function memberItem(member: D4hMember, team: D4hTeamData): Item {
  const { id, name, ref, position, status, email, mobile, home, work, pager, label, updatedAt } = member
  return described('members', {
    id,
    name,
    ref,
    position,
    status,
    updatedAt,
    resourceType: 'Member',
    owner: resource('Team', team.id),
    customStatus: resource('CustomMemberStatus', label),
    // For a member without an address, one account shows an empty object and another shows null.
    email: email === null ? null : { value: email, verified: true },
    mobile: { phone: mobile, verified: mobile !== null },
    home: { phone: home, verified: false },
    work: work === null ? null : { phone: work },
    pager: { phone: pager, email: null },
    customFieldValues: team.fields
      .filter((field) => member.fields[field.id] !== undefined)
      .map((field) => ({
        customField: { ...resource('CustomField', field.id), type: field.type, owner: resource('Team', team.id) },
        value: member.fields[field.id] ?? null,
      })),
  })
}

function groupItem({ id, title, updatedAt }: D4hGroup, team: number): Item {
  const owner = resource('Team', team)
  const about = { membershipResourceType: 'Member', resourceType: 'MemberGroup', required: 0 }
  return described('member-groups', { id, title, updatedAt, owner, ...about })
}

function membershipItem({ id, group, member, updatedAt }: D4hMembership, team: number): Item {
  return described('member-group-memberships', {
    id,
    updatedAt,
    owner: resource('Team', team),
    group: resource('MemberGroup', group),
    member: resource('Member', member),
    resourceType: 'MemberGroupMembership',
  })
}

function fieldItem({ id, title, type, options, archived, updatedAt }: D4hField, team: number): Item {
  const owner = resource('Team', team)
  return described('custom-fields', {
    id,
    title,
    type,
    updatedAt,
    owner,
    targetResourceType: 'Member',
    restricted: 'UNRESTRICTED',
    memberPrivacy: 'VIEWABLE',
    resourceType: 'CustomField',
    archivedAt: archived ? updatedAt : null,
    options: options.map((option, ordering) => ({
      ...option,
      ordering,
      owner,
      updatedAt,
      customField: resource('CustomField', id),
      archivedAt: null,
      createdAt: CREATED,
    })),
  })
}
