import type * as z from 'zod'
import { Failure } from '../../core/failure.ts'
import {
  type CustomField,
  customFieldSchema,
  groupSchema,
  type Member,
  memberSchema,
  membershipSchema,
  pageSchema,
} from './answers.ts'
import type { D4hClient, Question } from './client.ts'
import type { Subject } from './failure.ts'
import { listed } from './list.ts'
import type { D4hSettings } from './schema.ts'

/** How many items D4H is known to give at once. If it gives fewer, its pages are that much shorter. */
const PAGE_SIZE = 100

/** How many members are requested by their IDs at once; the IDs are part of the address. */
const IDS = 50

/** The most memberships or custom fields held in memory. No genuine team has more. */
const MOST_HELD = 300_000

type Query = Question<unknown>['query']

const BY_ID: Query = [
  ['sort', 'id'],
  ['order', 'asc'],
]
const LATEST_FIRST: Query = [
  ['sort', 'updatedAt'],
  ['order', 'desc'],
]

/** The groups of a team and their members. */
export interface Groups {
  /** Returns the titles of a member's groups, in the order of the groups' IDs. */
  of: (member: number) => string[]
  /** Returns whether a group itself, such as its title, was changed at that time or later. */
  changedSince: (time: number) => boolean
  /** Returns the members who joined a group at that time or later. */
  joinedSince: (time: number) => number[]
}

/** The groups of a team without groups. */
export const NO_GROUPS: Groups = { of: () => [], changedSince: () => false, joinedSince: () => [] }

/** Reads the lists of one team, page by page. The lists throw `Failure`, or the signal's reason when aborted. */
export class D4hTeam {
  readonly #client: D4hClient
  readonly #id: number
  readonly #statuses: D4hSettings['statuses']

  constructor(client: D4hClient, id: number, { statuses }: D4hSettings) {
    this.#client = client
    this.#id = id
    this.#statuses = statuses
  }

  /**
   * Yields the members of the chosen statuses, ordered by ID. With `since`, yields only the members changed at that
   * time or later, the latest first.
   */
  members(since: number | null): AsyncGenerator<Member> {
    if (since === null) return this.#members(BY_ID)
    return this.#members(LATEST_FIRST, ({ updatedAt }) => updatedAt !== null && updatedAt < since)
  }

  /** Yields the members in `ids` that have a chosen status. */
  async *membersNamed(ids: readonly number[]): AsyncGenerator<Member> {
    for (let at = 0; at < ids.length; at += IDS) {
      const some = ids.slice(at, at + IDS).map((id) => ['id', String(id)] as const)
      yield* this.#members([...some, ...BY_ID])
    }
  }

  /** Returns the custom fields of members, including the fields of the team's organisation. */
  async fields(): Promise<CustomField[]> {
    const query: Query = [['target_resource_type', 'Member'], ...BY_ID]
    return this.#held(this.#list('fields', 'custom-fields', query, customFieldSchema))
  }

  async groups(): Promise<Groups> {
    const groups = await this.#held(this.#list('groups', 'member-groups', BY_ID, groupSchema))
    const titles = new Map(groups.map(({ id, title }) => [id, title ?? '']))
    const query = [...this.#status('member_status'), ...BY_ID]
    const memberships = await this.#held(
      this.#list('groups', 'member-group-memberships', query, membershipSchema),
      ({ group, member, updatedAt }) => ({ group: group.id, member: member.id, updatedAt }),
    )
    const groupsOf = Map.groupBy(memberships, ({ member }) => member)
    return {
      of: (member) => {
        const ids = (groupsOf.get(member) ?? []).map(({ group }) => group)
        // A group that was just created can be missing from the titles; the next import has it.
        return [...new Set(ids)].sort((a, b) => a - b).flatMap((id) => titles.get(id) || [])
      },
      changedSince: (time) => groups.some(({ updatedAt }) => isSince(updatedAt, time)),
      joinedSince: (time) => [
        ...new Set(memberships.flatMap(({ member, updatedAt }) => (isSince(updatedAt, time) ? member : []))),
      ],
    }
  }

  #members(query: Query, until?: (member: Member) => boolean): AsyncGenerator<Member> {
    // By default D4H leaves out members with a status of the team's own, which belongs to one of these statuses.
    const chosen: Query = [...this.#status('status'), ['status_excludes_label_ids', 'false'], ...query]
    return this.#list('members', 'members', chosen, memberSchema, until)
  }

  #status(parameter: string): Query {
    return this.#statuses.map((status) => [parameter, status] as const)
  }

  #list<T extends { id: number }>(
    subject: Subject,
    name: string,
    query: Query,
    item: z.ZodType<T>,
    until?: (item: T) => boolean,
  ): AsyncGenerator<T> {
    const path = `/v3/team/${this.#id}/${name}`
    const answer = pageSchema(item)
    const size = ['size', String(PAGE_SIZE)] as const
    const page = (number: number) =>
      this.#client.ask({ subject, path, query: [...query, ['page', String(number)], size], answer })
    return listed(page, this.#client.host, until)
  }

  /** Returns a whole list in memory, each item reduced by `slim`. */
  async #held<T>(list: AsyncGenerator<T>): Promise<T[]>
  async #held<T, S>(list: AsyncGenerator<T>, slim: (item: T) => S): Promise<S[]>
  async #held<T>(list: AsyncGenerator<T>, slim: (item: T) => unknown = (item) => item): Promise<unknown[]> {
    const held: unknown[] = []
    for await (const item of list) {
      held.push(slim(item))
      if (held.length > MOST_HELD) throw this.#tooLarge()
    }
    return held
  }

  #tooLarge(): Failure {
    return new Failure(
      'too_large',
      `${this.#client.host} gave more than ${MOST_HELD.toLocaleString('en')} memberships of groups.`,
      'Import without groups, or ask D4H what is wrong with the team.',
    )
  }
}

/**
 * Returns whether something was changed at that time or later. Without a time it may have been, so the answer is true.
 */
export function isSince(updatedAt: number | null, time: number): boolean {
  return updatedAt === null || updatedAt >= time
}
