import { Failure } from '../../core/failure.ts'
import type { Choice, Connection, ConnectionContext, Reach } from '../connection.ts'
import { type RecordCell, type RecordsWanted, recordsBody } from '../records.ts'
import { type CustomField, type Member, type WhoAmI, whoAmISchema } from './answers.ts'
import { D4hClient } from './client.ts'
import { isCustom, isGroups, type MemberColumn, memberColumns, phonesOf } from './columns.ts'
import type { D4hSettings } from './schema.ts'
import { D4hTeam, type Groups, isSince, NO_GROUPS } from './team.ts'

/** A team whose members the token may read. */
interface Team extends Choice {
  id: number
}

const EVERYTHING: RecordsWanted = { columns: null, changedSince: null }

export const d4h: Reach<'d4h'> = { open: (settings, context) => openD4h(settings, context) }

/**
 * Connects to the members of a D4H team, as records with their numbers, e-mail addresses, groups and custom fields.
 * Only the data of the wanted columns is requested. Memory holds one page of members at a time, beside all memberships
 * of groups. With `changedSince`, the records are the members that were changed since, all members if a group, a field
 * or a choice was renamed, and the members who joined a group.
 */
export function openD4h(settings: D4hSettings, context: ConnectionContext, patience?: number): Connection {
  const client = (signal: AbortSignal) => new D4hClient(settings, context, signal, patience)
  return {
    async open({ signal, records: { columns: wanted, changedSince } = EVERYTHING }) {
      const asked = client(signal)
      const chosen = chosenTeam(await access(asked), settings, asked.host)
      const team = new D4hTeam(asked, chosen.id, settings)
      const names = wanted?.map(({ name }) => name) ?? null
      const fields = await wantedFields(team, names)
      const columns = memberColumns(names, settings, fields)
      const withGroups = columns.some(({ name }) => isGroups(name))

      async function* records(): AsyncGenerator<RecordCell[]> {
        const groups = withGroups ? await team.groups() : NO_GROUPS
        const about = { columns, groups, team: chosen.name }
        const since = changedSince !== null && !isRenamed(fields, groups, changedSince) ? changedSince : null
        const given = new Set<number>()
        for await (const member of team.members(since)) {
          if (since !== null) given.add(member.id)
          yield recordOf(member, about)
        }
        if (since === null) return
        const joined = groups.joinedSince(since).filter((id) => !given.has(id))
        for await (const member of team.membersNamed(joined)) yield recordOf(member, about)
      }

      const header = columns.map(({ name }) => name)
      const bounds = { from: asked.host, maxBytes: context.maxBytes }
      return { body: recordsBody(header, records(), bounds), name: 'contacts.csv', modifiedAt: null, validator: null }
    },

    async choices(signal) {
      const teams = teamsOf(await access(client(signal)))
      // A token that may read no team gets an error when it is used, not an empty choice.
      return { choices: { teams }, chosen: settings.teamId !== null || teams.length < 2 }
    },
  }
}

function access(client: D4hClient): Promise<WhoAmI> {
  return client.ask({ subject: 'access', path: '/v3/whoami', query: [], answer: whoAmISchema })
}

function teamsOf({ members }: WhoAmI): Team[] {
  const teams = members.filter(({ owner, hasAccess }) => owner.resourceType === 'Team' && hasAccess)
  const names = new Map(teams.map(({ owner }) => [owner.id, owner.title ?? `Team ${owner.id}`]))
  return [...names].map(([id, name]) => ({ id, name }))
}

/** Returns the team of the settings, or the only team. */
function chosenTeam(access: WhoAmI, { teamId }: D4hSettings, host: string): Team {
  const teams = teamsOf(access)
  const [only] = teams
  if (only === undefined) {
    const officer = access.officers.length > 0 ? ' It is the token of an officer of an organisation.' : ''
    throw new Failure(
      'forbidden',
      `${host} accepts the token, but it may read no team.${officer}`,
      'Make the token with an account that is a member of the team, with access to Team Manager.',
    )
  }
  if (teamId === null) {
    if (teams.length === 1) return only
    throw new Failure(
      'not_found',
      'No team has been chosen.',
      'Choose one of the teams that the connection test shows.',
    )
  }
  const chosen = teams.find(({ id }) => id === teamId)
  if (chosen !== undefined) return chosen
  const readable = teams.map(({ id, name }) => `${name} (${id})`).slice(0, MOST_NAMED)
  throw new Failure(
    'forbidden',
    `${host} does not let this token read team ${teamId}.`,
    `Choose a team that it may read: ${readable.join(', ')}. Or enter the token of a member of that team.`,
  )
}

const MOST_NAMED = 10

/**
 * Returns the custom fields that may be wanted. If all columns are wanted, fields that the token may not read are left
 * out.
 */
async function wantedFields(team: D4hTeam, names: readonly string[] | null): Promise<CustomField[]> {
  if (names?.some(isCustom) === false) return []
  try {
    return await team.fields()
  } catch (error) {
    if (names === null && error instanceof Failure && error.code === 'forbidden') return []
    throw error
  }
}

/** Returns whether something that many members show by its name was renamed. */
function isRenamed(fields: readonly CustomField[], groups: Groups, since: number): boolean {
  const changed = ({ updatedAt }: { updatedAt: number | null }) => isSince(updatedAt, since)
  return groups.changedSince(since) || fields.some((field) => changed(field) || field.options.some(changed))
}

function recordOf(
  member: Member,
  { columns, groups, team }: { columns: readonly MemberColumn[]; groups: Groups; team: string },
): RecordCell[] {
  const fields = new Map(member.customFieldValues.toReversed().map(({ customField, value }) => [customField.id, value]))
  const person = { member, team, groups: groups.of(member.id), phones: phonesOf(member, columns), fields }
  return columns.map(({ cell }) => cell(person))
}
