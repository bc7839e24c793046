import { expect, it } from 'vitest'
import { keyFor } from './key.ts'

it.each([
  ['Major', 'major'],
  ['Field of study', 'fieldOfStudy'],
  ['  École d’origine ', 'ecoleDOrigine'],
  ['2nd language', 'ndLanguage'],
  ['3 Majors', 'majors'],
  ['専攻', ''],
])('the label %j gives the key %j', (label, key) => expect(keyFor(label)).toBe(key))
