import { type ContactDetails, readDetails } from '../core/contact.ts'
import type { Change } from '../core/plan.ts'
import type { StoredRow } from '../store/contacts.ts'
import type { ContactView, DetailsView, HistoryEntry } from './views/contact.ts'
import type { ChangeView } from './views/run.ts'

/** Returns a contact's attributes with the names of its groups. */
export function detailsView(details: ContactDetails, names: ReadonlyMap<string, string>): DetailsView {
  return { ...details, groups: details.groups.map((key) => names.get(key) ?? key) }
}

/** Returns a contact as the API shows it. */
export function contactView(row: StoredRow, names: ReadonlyMap<string, string>): ContactView {
  const { id, details, sms } = row
  return {
    key: String(row.key),
    sourceId: row.source === '' ? null : row.source,
    id,
    ...detailsView(details, names),
    sms: {
      status: sms.status,
      by: sms.by,
      at: sms.at === null ? null : new Date(sms.at).toISOString(),
      writeBack: sms.writeBack,
    },
    updatedAt: new Date(row.updatedAt).toISOString(),
  }
}

/** Returns a contact's latest changes, newest first. `undoing`: those of its runs that undid another run. */
export function historyView(
  row: StoredRow,
  names: ReadonlyMap<string, string>,
  undoing: ReadonlySet<string>,
): HistoryEntry[] {
  const values = (stored: unknown[] | null | undefined) =>
    stored ? detailsView(readDetails(JSON.stringify(stored)), names) : null
  return row.history.map(({ at, op, run, by, changed, from, to, was, is }) => ({
    at: new Date(at).toISOString(),
    op,
    runId: run ?? null,
    undo: run != null && undoing.has(run),
    by: by ?? null,
    changed: changed ?? [],
    fromId: from ?? null,
    smsStatus: to ?? null,
    before: values(was),
    after: values(is),
  }))
}

/** Returns a change of a plan as the API shows it. `state`: what of it depends on its run. */
export function changeView(
  change: Change,
  names: ReadonlyMap<string, string>,
  state: Pick<ChangeView, 'waits' | 'key'>,
): ChangeView {
  const planned = change.op === 'remove' ? undefined : change.sms
  const sms =
    planned === undefined || planned.before === planned.after ? null : { before: planned.before, after: planned.after }
  const after = change.op === 'sms' ? change.before : change.after
  return {
    op: change.op === 'sms' ? 'update' : change.op,
    id: change.id,
    fromId: change.op === 'rekey' ? change.fromId : null,
    name: (after ?? change.before)?.name ?? '',
    before: change.before === null ? null : detailsView(change.before, names),
    after: after === null ? null : detailsView(after, names),
    sms,
    changed: [
      ...(change.op === 'update' || change.op === 'rekey' ? change.changed : []),
      ...(sms === null || change.op === 'add' ? [] : ['smsStatus']),
    ],
    ...state,
    rows: change.rows,
  }
}
