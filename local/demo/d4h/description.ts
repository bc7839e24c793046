/**
 * Facts from D4H's own OpenAPI description (Team Manager API 6.3.6, version 3): which requests exist, which parameters
 * they take, and what an answer consists of. The stand-in refuses every request that is not described here.
 */

/** The values that a query parameter may have. Only a list parameter may be repeated. */
export type Parameter =
  | { is: 'integer'; from: number; to: number }
  | { is: 'ids'; orNull?: true }
  | { is: 'idOrNull' }
  | { is: 'choice'; of: readonly string[] }
  | { is: 'choices'; of: readonly string[] }
  | { is: 'boolean' }
  | { is: 'text'; from: number; to: number }

const ANY = Number.MAX_SAFE_INTEGER
const ID: Parameter = { is: 'integer', from: 1, to: 2_147_483_647 }
const IDS: Parameter = { is: 'ids' }
const BOOLEAN: Parameter = { is: 'boolean' }
const PAGING: Record<string, Parameter> = {
  page: { is: 'integer', from: 0, to: ANY },
  size: { is: 'integer', from: -ANY, to: ANY },
  order: { is: 'choice', of: ['asc', 'desc'] },
}
const MEMBER_STATUSES = ['OPERATIONAL', 'NON_OPERATIONAL', 'OBSERVER', 'RETIRED']
const TARGETS = 'Event Exercise Incident IncidentWeather Equipment HealthSafetyReport Member PersonInvolved Team'.split(
  ' ',
)
const MEMBER_COUNTS =
  'percReportingEvent percReportingExercise percReportingIncident percRollingEvent percRollingExercise percRollingIncident ' +
  'countRollingHours countReportingEvent countReportingExercise countReportingHours countReportingIncident ' +
  'countRollingHoursEvent countRollingHoursExercise countRollingHoursIncident'

/** The lists under `/v3/{context}/{contextId}/`, and the query parameters of each. */
export const LISTS = {
  members: {
    ...PAGING,
    id: IDS,
    team_id: ID,
    status_label_id: { is: 'ids', orNull: true },
    status_excludes_label_ids: BOOLEAN,
    id_tag: { is: 'text', from: 8, to: 256 },
    status: { is: 'choices', of: MEMBER_STATUSES },
    deleted: BOOLEAN,
    name: { is: 'text', from: 3, to: ANY },
    search: { is: 'text', from: 3, to: ANY },
    sort: { is: 'choice', of: ['createdAt', 'updatedAt', 'id', 'name', 'ref', ...MEMBER_COUNTS.split(' ')] },
  },
  'member-groups': {
    ...PAGING,
    id: IDS,
    team_id: IDS,
    title: { is: 'text', from: 0, to: ANY },
    sort: { is: 'choice', of: ['createdAt', 'updatedAt', 'id', 'title'] },
  },
  'member-group-memberships': {
    ...PAGING,
    id: IDS,
    team_id: IDS,
    group_id: IDS,
    member_id: IDS,
    member_status: { is: 'choices', of: [...MEMBER_STATUSES, 'DELETED'] },
    sort: { is: 'choice', of: ['createdAt', 'updatedAt', 'id'] },
  },
  'custom-fields': {
    ...PAGING,
    id: IDS,
    target_resource_type: { is: 'choices', of: TARGETS },
    archived: BOOLEAN,
    resource_bundle_id: { is: 'idOrNull' },
    restricted: { is: 'choice', of: ['UNRESTRICTED', 'RESTRICTED'] },
    member_privacy: { is: 'choice', of: ['HIDDEN', 'EDITABLE', 'VIEWABLE'] },
    sort: { is: 'choice', of: ['createdAt', 'updatedAt', 'id', 'ordering'] },
    exclude_teams_data: BOOLEAN,
    exclude_org_data: BOOLEAN,
  },
} as const satisfies Record<string, Record<string, Parameter>>

export type ListName = keyof typeof LISTS

/** The type of a value in an answer, if it is not null. A list has one item shape for all its values. */
export type Shape = 'text' | 'number' | 'boolean' | 'any' | readonly [Shape] | { readonly [name: string]: Shape }

const RESOURCE: Shape = { id: 'number', resourceType: 'text' }
const TIMES = { createdAt: 'text', updatedAt: 'text' } as const
const EMERGENCY: Shape = { name: 'text', primaryPhone: 'text', secondaryPhone: 'text', relation: 'text' }

function each<T extends Shape>(names: string, shape: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, shape]))
}

/** One item of each list, in the shape of the description's examples. */
export const ITEMS: Readonly<Record<ListName, { readonly [name: string]: Shape }>> = {
  members: {
    ...RESOURCE,
    ...TIMES,
    ...each('alertActivityApproval alertAllQualifications alertGear alertQualifications weeklyMail', 'boolean'),
    ...each('chatAutosubscribe chatDailyDigest contactUpdateMail', 'boolean'),
    ...each(`costPerHour costPerUse credits permission ${MEMBER_COUNTS}`, 'number'),
    ...each('weeklyDayOfWeek weeklyDayOfWeekUtc weeklyHourOfDay weeklyHourOfDayUtc', 'number'),
    ...each(
      'defaultDuty deprecatedAddress deprecatedPermission endsAt globalSyncId icalSecret idTag lastLogin',
      'text',
    ),
    ...each('name notes position ref signedTandC startsAt status teamAgreementSigned deletedAt', 'text'),
    ...each('defaultEquipmentLocation locationBookmark retiredReason role customStatus owner', RESOURCE),
    ...each('primaryEmergencyContact secondaryEmergencyContact', EMERGENCY),
    email: { value: 'text', verified: 'boolean' },
    home: { phone: 'text', verified: 'boolean' },
    mobile: { phone: 'text', verified: 'boolean' },
    work: { phone: 'text' },
    pager: { phone: 'text', email: 'text' },
    location: { type: 'text', coordinates: ['number'] },
    customFieldValues: [{ customField: { ...RESOURCE, type: 'text', owner: RESOURCE }, value: 'any' }],
  },
  'member-groups': {
    ...RESOURCE,
    ...TIMES,
    ...each('globalSyncId title deprecatedBundle membershipResourceType deprecatedShortcode', 'text'),
    required: 'number',
    owner: RESOURCE,
  },
  'member-group-memberships': { ...RESOURCE, ...TIMES, ...each('owner group member', RESOURCE) },
  'custom-fields': {
    ...RESOURCE,
    ...TIMES,
    ...each('targetResourceType title type restricted memberPrivacy hint archivedAt valueUnits', 'text'),
    ...each('searchable mandatory frozen', 'boolean'),
    ...each('owner bundle', RESOURCE),
    ordering: 'number',
    options: [
      {
        id: 'number',
        ordering: 'number',
        label: 'text',
        archivedAt: 'text',
        customField: RESOURCE,
        owner: RESOURCE,
        ...TIMES,
      },
    ],
  },
}

const OWNER: Shape = { ...RESOURCE, title: 'text' }
const PLACE: Shape = { ...RESOURCE, name: 'text', hasAccess: 'boolean', permissions: 'any' }

/** The answer of `GET /v3/whoami`. */
export const WHO_AM_I: Shape = {
  account: RESOURCE,
  members: [{ ...PLACE, owner: { ...OWNER, owner: RESOURCE } }],
  officers: [{ ...PLACE, owner: OWNER }],
}

/** The members of a page of a list, in addition to its `results`. */
export const PAGE = { page: 'number', pageSize: 'number', totalSize: 'number' } as const
