import { accountRoutes } from './account.ts'
import { changeRoutes } from './changes.ts'
import { consentRoutes } from './consent.ts'
import { contactRoutes } from './contacts.ts'
import { demoRoutes } from './demo.ts'
import { erasureRoutes } from './erasures.ts'
import { exportRoutes } from './export.ts'
import { fieldRoutes } from './fields.ts'
import { groupRoutes } from './groups.ts'
import { healthRoutes } from './health.ts'
import { hookRoutes } from './hooks.ts'
import { invitationRoutes } from './invitations.ts'
import { noticeRoutes } from './notices.ts'
import { overviewRoutes } from './overview.ts'
import { runChangeRoutes } from './run-changes.ts'
import { runFileRoutes } from './run-files.ts'
import { runProblemRoutes } from './run-problems.ts'
import { runRoutes } from './runs.ts'
import { sessionRoutes } from './session.ts'
import { settingRoutes } from './settings.ts'
import { smsRoutes } from './sms.ts'
import { sourceRoutes } from './sources.ts'
import { templateRoutes } from './template.ts'
import { textRoutes } from './texts.ts'
import { tokenRoutes } from './tokens.ts'
import { uploadRoutes } from './uploads.ts'
import { userRoutes } from './users.ts'

/** Every route of the API. The API, its description and the types of its client are made from this list. */
export const routes = [
  ...sessionRoutes,
  ...accountRoutes,
  ...invitationRoutes,
  ...tokenRoutes,
  ...overviewRoutes,
  ...sourceRoutes,
  ...uploadRoutes,
  ...runRoutes,
  ...runChangeRoutes,
  ...runProblemRoutes,
  ...runFileRoutes,
  ...hookRoutes,
  ...textRoutes,
  ...templateRoutes,
  ...exportRoutes,
  ...contactRoutes,
  ...changeRoutes,
  ...smsRoutes,
  ...consentRoutes,
  ...erasureRoutes,
  ...groupRoutes,
  ...fieldRoutes,
  ...userRoutes,
  ...noticeRoutes,
  ...settingRoutes,
  ...demoRoutes,
  ...healthRoutes,
]
