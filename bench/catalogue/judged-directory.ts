import type { ContactDetails } from '../../worker/src/core/contact.ts'
import { type HoldReason, judge, limitsSchema, type Tally } from '../../worker/src/core/limits.ts'
import { type Plan, PlannedDirectory } from '../../worker/src/testing/planned-directory.ts'
import type { ListFile } from './file.ts'

const DEFAULTS = limitsSchema.parse({})
/** How many nights a removal is counted together with later ones. */
const WINDOW = 7

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
    const plan = await this.directory.plan(list.sheet(), { mapping: list.shape.mapping, batch: 500 })
    return { plan, reasons: judge(this.#tally(plan), DEFAULTS) }
  }

  /** Applies the plan that was made last. `approved`: a person has approved it. */
  apply({ plan }: Judged, approved: boolean): void {
    this.directory.apply(plan)
    this.#first = false
    this.#removed = [approved ? 0 : plan.planned.counts.removed, ...this.#removed].slice(0, WINDOW)
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

  #tally({ planned, changes }: Plan): Tally {
    const live = [...this.directory.contacts.values()].filter(({ removed }) => !removed)
    const members = (key: string) => live.filter(({ details }) => details.groups.includes(key)).length
    return {
      first: this.#first,
      contacts: planned.contacts,
      changes: changes.length,
      removed: planned.counts.removed,
      removedManual: planned.removedManual,
      updated: planned.counts.updated - planned.optOuts,
      counted: planned.counted,
      blanked: [...planned.blanked].map(([label, count]) => {
        const of = live.filter(({ details }) => !isBlank(details[label as keyof ContactDetails])).length
        return { label, count, of }
      }),
      emptied: [...planned.losing]
        .filter(([key, count]) => members(key) === count)
        .map(([name, contacts]) => ({ name, contacts })),
      resubscribed: planned.resubscribed,
      optedOut: live.filter(({ sms }) => sms.status === 'opted_out').length,
      rows: planned.counts.rows - planned.counts.leftOut,
      rowsWithErrors: planned.counts.errors,
      afterUndo: false,
      doubts: planned.doubts,
    }
  }
}

function isBlank(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
