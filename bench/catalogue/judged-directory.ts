import type { ContactDetails } from '../../worker/src/core/contact.ts'
import { type JudgedDirectory as Asked, type Tally, tallyOf } from '../../worker/src/core/limits/tally.ts'
import { type HoldReason, judge, limitsSchema } from '../../worker/src/core/limits.ts'
import { statusOf } from '../../worker/src/core/sms.ts'
import { type Opened, type Plan, PlannedDirectory } from '../../worker/src/testing/planned-directory.ts'
import type { ListFile, Shape } from './file.ts'

const DEFAULTS = limitsSchema.parse({})
/** How many nights before count together with a night's removals. */
const WINDOW = 6

/** The plan for the list of a night, and the limits that hold it. */
interface Judged {
  plan: Plan
  reasons: HoldReason[]
}

/** A directory whose source is imported each night, with the default limits. */
export class JudgedDirectory {
  readonly directory = new PlannedDirectory()
  #first = true
  /** How many contacts each of the last nights removed without a person. */
  #removed: number[] = []

  /** Plans and judges a list. Only `apply` changes the directory. */
  async night(list: ListFile): Promise<Judged> {
    const rekeyLimit = this.#first ? null : DEFAULTS.rekeyed
    return this.#judged(
      await this.directory.plan(list.sheet(), { mapping: list.shape.mapping, batch: 500, rekeyLimit }),
    )
  }

  /** Plans and judges the file that `open` opens. */
  async file(open: () => Promise<Opened>, mapping: Shape['mapping']): Promise<Judged> {
    const rekeyLimit = this.#first ? null : DEFAULTS.rekeyed
    return this.#judged(await this.directory.planFile(open, { mapping, rekeyLimit }))
  }

  async #judged(plan: Plan): Promise<Judged> {
    return { plan, reasons: judge(await this.#tally(plan), DEFAULTS) }
  }

  /** Applies the plan that was made last. `approved`: a person has approved it. */
  apply({ plan }: Judged, approved: boolean): void {
    this.directory.apply(plan)
    this.#first = false
    this.#removed = approved ? [] : [plan.planned.counts.removed, ...this.#removed].slice(0, WINDOW)
  }

  /** Returns the changes that a list would make, each as a text without its row numbers. */
  async changesOf(list: ListFile): Promise<Set<string>> {
    const { plan } = await this.night(list)
    return new Set(plan.changes.map((change) => JSON.stringify({ ...change, rows: [] })))
  }

  /** Opts a contact out here and records that its source has shown the opt-out. */
  optOut(id: string): void {
    for (const contact of this.directory.contacts.values()) {
      if (contact.id === id && !contact.removed) this.directory.optOut(contact.key, true)
    }
  }

  /** Makes the people of a list manual contacts. */
  async makeManual(list: ListFile): Promise<void> {
    const other = new PlannedDirectory()
    await other.import(list.sheet(), { mapping: list.shape.mapping, batch: 500 })
    for (const { id, details } of other.contacts.values()) this.directory.add(id, details)
  }

  #tally({ planned, changes }: Plan): Promise<Tally> {
    const { counts, contacts, effects } = planned
    const circumstances = {
      first: this.#first,
      records: false,
      contacts,
      changes: changes.length,
      rows: counts.rows - counts.leftOut,
      rowsWithErrors: counts.errors,
      firstCause: null,
      afterUndo: false,
      doubts: planned.doubts,
      lastRow: planned.lastRow,
    }
    const live = [...this.directory.contacts.values()].filter(({ removed }) => !removed)
    const asked: Asked = {
      groups: async (keys) =>
        keys.map((key) => {
          const members = live.filter(({ details }) => details.groups.includes(key)).length
          return { key, name: key, members }
        }),
      groupNames: async () => new Map(),
      labelOf: (attribute) => attribute,
      having: async (label) => {
        const of = live.filter(({ details }) => !isBlank(details[label as keyof ContactDetails])).length
        return { label, of }
      },
      optedOut: async () => live.filter(({ sms }) => statusOf(sms) === 'opted_out').length,
      removedWithin: async () => this.#removed.reduce((sum, count) => sum + count, 0),
    }
    return tallyOf(effects, circumstances, DEFAULTS, asked)
  }
}

function isBlank(value: unknown): boolean {
  return value === null || value === '' || value === 'normal' || (Array.isArray(value) && value.length === 0)
}
