import { useRef, useState } from 'preact/hooks'
import type { SourceView, TestView } from '../../../worker/src/api/views/source.ts'
import { factsOf } from '../../../worker/src/connections/facts.ts'
import type { MappingColumn } from '../../../worker/src/core/mapping.ts'
import { headersOf } from '../../../worker/src/core/mapping.ts'
import { headerKey } from '../../../worker/src/core/template.ts'
import { ownMapping } from './columns.tsx'
import type { SectionProps, SourceDraft } from './draft.ts'
import { suggestedMapping, withSuggestedSms } from './mapping.ts'
import { suggestedFields } from './record-mapping.ts'
import { type Testing, useTesting } from './testing.ts'

/** The settings of a source while they are edited, and the tests that show what they would bring. */
interface Editing extends SectionProps {
  testing: Testing
  /** Whether anything was changed. */
  touched: boolean
  /** Forgets that something was changed, once it is saved. */
  untouch: () => void
  /** Maps the file's own columns in place of the template's. */
  useOwnColumns: () => void
}

/** Edits the settings of a source. `saved` is null for a new one, `file` a file of this computer to begin with. */
export function useEditing(
  begin: () => SourceDraft,
  { saved, file = null }: { saved: SourceView | null; file?: File | null },
): Editing {
  const [draft, setDraft] = useState(begin)
  const [touched, setTouched] = useState(false)
  const columns = useRef<TestView['columns']>([])
  const change = (part: Partial<SourceDraft>) => {
    setTouched(true)
    setDraft((before) => withSuggestedSms(before, { ...before, ...part }, columns.current))
  }
  const onFound = (view: TestView) => {
    columns.current = view.columns
    setDraft((before) => {
      const mapping = adopted(before, view, saved === null)
      return mapping === before.mapping ? before : withSuggestedSms(before, { ...before, mapping }, view.columns)
    })
  }
  const testing = useTesting({ draft, saved, onFound, begin: file })
  return {
    draft,
    change,
    testing,
    touched,
    untouch: () => setTouched(false),
    useOwnColumns: () => {
      change({ mapping: ownMapping(draft.mapping, testing.test) })
      document.getElementById('columns')?.focus()
    },
  }
}

/**
 * Returns the mapping of the draft, or the mapping that a test suggests where nothing is mapped yet. A new source whose file
 * has headers of its own is mapped by them, also if another file was tested before.
 */
function adopted({ connection, mapping }: SourceDraft, view: TestView, isNew: boolean): SourceDraft['mapping'] {
  const { mapping: rule } = factsOf(connection)
  if (rule.by === 'fields') {
    return mapping !== null && mapping.length > 0 ? mapping : suggestedFields(rule.fields, view.columns)
  }
  const foreign = view.code === 'header_missing' && view.columns.length > 0
  if (isNew && foreign && rule.by === 'template' && !isOf(mapping, view.columns)) return suggestedMapping(view.columns)
  return mapping === null ? null : ownMapping(mapping, view)
}

/** Returns whether each mapped column is in the file. */
function isOf(mapping: readonly MappingColumn[] | null, columns: TestView['columns']): boolean {
  const names = new Set(columns.map(({ name }) => headerKey(name)))
  return mapping?.flatMap(headersOf).every((name) => names.has(headerKey(name))) ?? false
}
