import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { SourceView } from '../../../worker/src/api/views/source.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { useFields } from '../field/definitions.ts'
import { useLoad } from '../load.ts'
import { Waiting } from '../parts/list.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Block } from '../parts/page.tsx'
import { setQuery } from '../router.ts'
import { useMay } from '../session.ts'
import { ScheduleForm, SettingsForm } from './form.tsx'
import { OptOuts } from './opt-outs.tsx'
import { ScheduleFacts } from './schedule-facts.tsx'
import { SettingsFacts } from './settings-facts.tsx'

type Part = 'settings' | 'schedule'

/** The seed’s blocks *Import Settings* and *Import Schedule*, each edited in its place. */
export function SettingsTab({ source }: { source: SourceView }) {
  const [edited, setEdited] = useState(() => new URLSearchParams(location.search).get('edit'))
  const edit = (part: Part | null) => {
    setQuery({ edit: part ?? '' })
    setEdited(part)
  }
  const done = () => edit(null)
  const { reload } = useFields()
  // Somebody may have added a field since the pages were opened.
  useEffect(reload, [reload])
  return (
    <>
      <EditBlock
        title="Import settings"
        edited={edited === 'settings'}
        onEdit={() => edit('settings')}
        form={() => <SettingsForm source={source} onDone={done} />}
      >
        <SettingsFacts source={source} />
      </EditBlock>
      <EditBlock
        title={isUploaded(source.connection) ? 'When a file is due' : 'Import schedule'}
        edited={edited === 'schedule'}
        onEdit={() => edit('schedule')}
        form={() => <ZonedSchedule source={source} onDone={done} />}
      >
        <ScheduleFacts source={source} />
      </EditBlock>
      <OptOuts source={source} />
    </>
  )
}

interface EditBlockProps {
  title: string
  edited: boolean
  onEdit: () => void
  form: () => ComponentChildren
  children: ComponentChildren
}

function EditBlock({ title, edited, onEdit, form, children }: EditBlockProps) {
  const may = useMay()
  const place = useRef<HTMLDivElement>(null)
  const editing = edited && may.configure
  useEffect(() => {
    if (editing) place.current?.scrollIntoView()
  }, [editing])
  if (editing) return <div ref={place}>{form()}</div>
  return (
    <Block
      title={title}
      aside={
        may.configure ? (
          <button type="button" onClick={onEdit}>
            Edit<span class="hidden"> {title.toLowerCase()}</span>
          </button>
        ) : null
      }
    >
      {children}
    </Block>
  )
}

function ZonedSchedule({ source, onDone }: { source: SourceView; onDone: () => void }) {
  const { data, problem } = useLoad('/api/settings', {})
  if (data === null) return problem === null ? <Waiting /> : <ProblemNotice problem={problem} />
  return <ScheduleForm source={source} timeZone={data.defaultTimeZone} onDone={onDone} />
}
