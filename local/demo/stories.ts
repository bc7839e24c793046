import type { Version } from './roster.ts'

/** What the demo's files are about in each week. */
export const STORIES: readonly { version: Version; title: string; text: string }[] = [
  {
    version: 1,
    title: 'First week',
    text: 'About 2,000 people in the roster, 145 volunteers, 120 drivers, 90 radio operators, 75 rescuers and 200 students. Some rows have errors.',
  },
  {
    version: 2,
    title: 'Second week',
    text: 'People have come, changed and left. Some errors are corrected, and two rows have new ones.',
  },
  {
    version: 3,
    title: 'A broken export',
    text: 'Many people are missing, and some are new. Muster should import the new ones and ask you about the others.',
  },
]
