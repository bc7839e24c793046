import type { SettingsView } from '../../../worker/src/api/settings.ts'
import { isUploaded } from '../../../worker/src/connections/facts.ts'
import { formOf } from '../connections/index.tsx'
import { Fold } from '../parts/fold.tsx'
import { Block } from '../parts/page.tsx'
import type { SectionProps } from '../source/draft.ts'
import { EnableField } from '../source/enable.tsx'
import { FreshnessFields } from '../source/freshness.tsx'
import { LimitFields, limitsWords } from '../source/limits.tsx'
import { MissingFields, missingTitle } from '../source/missing.tsx'
import { NextRuns } from '../source/next-runs.tsx'
import { NotifyFields } from '../source/notify.tsx'
import { ScheduleFields } from '../source/schedule.tsx'
import type { Testing } from '../source/testing.ts'
import { NextTime } from './next-time.tsx'

interface WhenStepProps extends SectionProps {
  testing: Testing
  directory: SettingsView
  /** Whether the wizard began with a file of this computer. */
  dropped: boolean
}

/** The third step: when it is imported, and what happens then. Its defaults suit most sources. */
export function WhenStep({ draft, change, testing, directory, dropped }: WhenStepProps) {
  const section = { draft, change }
  const { connection, schedule } = draft
  const { scheduleAdvice } = formOf(connection)
  const once = connection.kind === 'upload' && connection.once === true
  return (
    <div class="wizard-narrow">
      {dropped ? <NextTime {...section} testing={testing} /> : null}
      {isUploaded(connection) ? null : (
        <Block title="Import schedule">
          {scheduleAdvice === undefined ? null : <p>{scheduleAdvice}</p>}
          <ScheduleFields {...section} timeZone={directory.defaultTimeZone} />
          {schedule === null ? null : <NextRuns schedule={schedule} sourceId={null} />}
          <FreshnessFields {...section} />
        </Block>
      )}
      {once ? null : (
        <Block title={missingTitle(connection)}>
          <MissingFields {...section} />
        </Block>
      )}
      <Block title="Who gets a report">
        <NotifyFields {...section} sourceId={null} />
      </Block>
      <Block title="Safety limits">
        <Fold title={`${limitsWords(draft)}.`} set="Change">
          <LimitFields {...section} />
        </Fold>
      </Block>
      <Block title="What importing changes">
        <EnableField {...section} />
      </Block>
    </div>
  )
}
