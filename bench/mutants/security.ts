import type { Mutant } from './mutant.ts'

/** Mutants that each bring back what a review of the security found, so that its test is seen to fail as it would have before. */
export const SECURITY: readonly Mutant[] = [
  {
    bug: 'the problems of each row of an ID are looked for among those of all its rows',
    file: 'worker/src/core/row-reports.ts',
    text: 'const own = byRow.get(row.number)',
    by: 'const own = problems.filter((one) => one.row === row.number).length > 0 ? problems.filter((one) => one.row === row.number) : undefined',
    tests: ['worker/src/core/invariant-16-work.test.ts'],
  },
  {
    bug: 'a guess is counted only after it was judged, so that many at once all are',
    file: 'worker/src/api/sign-in.ts',
    text: `  const reserved = await reserveAttempt(env, buckets, now)
  if (reserved === null) throw tooMany()
  const verdict = await judge()
  if (verdict) await releaseAttempt(env, reserved)
`,
    by: `  const verdict = await judge()
  if (!verdict && (await reserveAttempt(env, buckets, now)) === null) throw tooMany()
`,
    tests: ['worker/src/api/sign-in.worker.test.ts'],
  },
  {
    bug: 'a device that the person signed in from is kept out with strangers',
    file: 'worker/src/api/sign-in.ts',
    text: 'const known = user !== null && isKnownDevice(env, user, device, now)',
    by: 'const known = false && user !== null && isKnownDevice(env, user, device, now)',
    tests: ['worker/src/api/sign-in.worker.test.ts'],
  },
  {
    bug: 'the spellings of groups are members of a plain object',
    file: 'worker/src/core/spelling.ts',
    text: 'return new Map(chosen.sort(([a], [b]) => (a < b ? -1 : 1)))',
    by: `const plain: Record<string, string> = {}
    for (const [key, text] of chosen.sort(([a], [b]) => (a < b ? -1 : 1))) plain[key] = text
    return new Map(Object.entries(plain))`,
    tests: ['worker/src/core/spelling.test.ts', 'worker/src/run/invariant-11-data.worker.test.ts'],
  },
  {
    bug: 'an error of a CRM is read whole, however long it is',
    file: 'worker/src/connections/connect/failure.ts',
    text: 'const read = stated.slice(0, MOST_READ)',
    by: 'const read = stated',
    tests: ['worker/src/connections/invariant-16-work.test.ts'],
  },
  {
    bug: 'a number format of a workbook may have any length',
    file: 'worker/src/formats/xlsx/number-format.ts',
    text: 'shown.length > LONGEST_FORMAT || ',
    by: '',
    tests: ['worker/src/formats/xlsx/table.test.ts'],
  },
  {
    bug: 'a tab, a line break and signs in full width are no beginning of a formula',
    file: 'worker/src/formats/notation.ts',
    text: '[=+\\-@＝＋－＠]|[\\t\\r\\n]|\\\\N$)/',
    by: '[=+\\-@]|\\\\N$)/',
    tests: ['worker/src/formats/notation.test.ts', 'worker/src/formats/csv-write.test.ts'],
  },
  {
    bug: 'a password that is stored in an older form stays so',
    file: 'worker/src/api/sign-in.ts',
    text: 'if (isOutdated(stored)) {',
    by: 'if (false && isOutdated(stored)) {',
    tests: ['worker/src/api/sign-in.worker.test.ts'],
  },
  {
    bug: 'passwords work behind Cloudflare Access',
    file: 'worker/src/api/sign-in.ts',
    text: `  if (!behindAccess(env)) return
`,
    by: `  if (!behindAccess(env) || true) return
`,
    tests: ['worker/src/api/sign-in.worker.test.ts', 'worker/src/api/access.worker.test.ts'],
  },
  {
    bug: 'a cursor may have a sign, a point or an exponent',
    file: 'worker/src/api/page.ts',
    text: '!numbers.every((number) => /^\\d{1,15}$/.test(number))',
    by: 'numbers.some((number) => Number.isNaN(Number(number)))',
    tests: ['worker/src/api/page.test.ts'],
  },
  {
    bug: 'a patch is followed deeper than the resource goes',
    file: 'worker/src/api/merge-patch.ts',
    text: 'if (!isObject(patch) || !isObject(target)) return patch',
    by: `if (!isObject(patch)) return patch
  if (!isObject(target)) return mergePatch({}, patch)`,
    tests: ['worker/src/api/merge-patch.test.ts'],
  },
  {
    bug: 'a change may come from any origin if the browser says nothing of the site',
    file: 'worker/src/api/person.ts',
    text: 'if (!foreign && (origin === null ? !named : isOwnOrigin(env, origin))) return',
    by: 'if (!foreign) return',
    tests: [
      'worker/src/api/access.worker.test.ts',
      'worker/src/api/credentials.worker.test.ts',
      'worker/src/api/sign-in.worker.test.ts',
    ],
  },
  {
    bug: 'the cookie lacks the prefix that keeps other hosts from setting it',
    file: 'worker/src/api/cookies.ts',
    text: "isSecure(request) ? '__Host-' : ''",
    by: "''",
    tests: ['worker/src/api/sign-in.worker.test.ts', 'worker/src/api/credentials.worker.test.ts'],
  },
  {
    bug: 'answers have no Content-Security-Policy',
    file: 'worker/src/api/app.ts',
    text: `  'Content-Security-Policy': NOTHING,
`,
    by: '',
    tests: ['worker/src/api/headers.worker.test.ts'],
  },
  {
    bug: 'answers have no Strict-Transport-Security',
    file: 'worker/src/api/app.ts',
    text: "context.header('Strict-Transport-Security', 'max-age=63072000')",
    by: 'undefined',
    tests: ['worker/src/api/headers.worker.test.ts'],
  },
  {
    bug: 'a stream of events goes on after its reader has signed out',
    file: 'worker/src/api/run-events.ts',
    text: '!(await mayRead())',
    by: 'false',
    tests: ['worker/src/api/event-streams.worker.test.ts'],
  },
  {
    bug: 'names keep line breaks and characters that turn the direction',
    file: 'worker/src/core/name.ts',
    text: '.overwrite(cleanLine)',
    by: '',
    tests: ['worker/src/api/names.worker.test.ts'],
  },
  {
    bug: 'a secret that comes back in another spelling is shown',
    file: 'worker/src/security/echo.ts',
    text: 'reading.includes(one.secret) || (one.letters.length >= FEWEST && letters.includes(one.letters))',
    by: 'reading.includes(one.secret)',
    tests: ['worker/src/security/echo.test.ts'],
  },
  {
    bug: 'a token of Access without an end is taken',
    file: 'worker/src/security/access-jwt.ts',
    text: 'exp: z.number() })',
    by: 'exp: z.number().optional() })',
    tests: ['worker/src/api/access.worker.test.ts'],
  },
  {
    bug: 'the table of known IDs has a seed that everybody knows',
    file: 'worker/src/store/directory.ts',
    text: 'new KnownContacts(seed, randomSeed())',
    by: 'new KnownContacts(0, 0)',
    tests: ['worker/src/store/directory.worker.test.ts'],
  },
  {
    bug: 'the query of an address is stored and read back in clear',
    file: 'worker/src/connections/secrets.ts',
    text: "if (typeof open.url === 'string' && shownAddress(open.url) !== open.url) {",
    by: "if (false && typeof open.url === 'string' && shownAddress(open.url) !== open.url) {",
    tests: ['worker/src/api/addresses.worker.test.ts'],
  },
  {
    bug: 'a viewer downloads the bytes that a run fetched',
    file: 'worker/src/api/run-files.ts',
    text: `    summary: 'The bytes the run fetched',
    role: 'manager',`,
    by: `    summary: 'The bytes the run fetched',
    role: 'viewer',`,
    tests: ['worker/src/api/viewer.worker.test.ts'],
  },
  {
    bug: 'a password may repeat one part of itself',
    file: 'worker/src/security/password-rules.ts',
    text: 'if (isRepeated(plain)) return',
    by: 'if (false) return',
    tests: ['worker/src/security/password-rules.test.ts'],
  },
  {
    bug: 'a password may consist of three characters over and over',
    file: 'worker/src/security/password-rules.ts',
    text: 'if (new Set(plain).size < FEWEST_CHARACTERS) return',
    by: 'if (false) return',
    tests: ['worker/src/security/password-rules.test.ts'],
  },
  {
    bug: 'a password may be the own e-mail address',
    file: 'worker/src/security/password-rules.ts',
    text: 'if (beyond(plain, ownWords(own)) < FEWEST_BEYOND) {',
    by: 'if (false) {',
    tests: ['worker/src/security/password-rules.test.ts'],
  },
  {
    bug: 'a password may be a common word or keys in a row',
    file: 'worker/src/security/password-rules.ts',
    text: 'if (Math.min(beyond(rest, COMMON), beyond(lettersOf(rest), COMMON)) < FEWEST_BEYOND) {',
    by: 'if (false) {',
    tests: ['worker/src/security/password-rules.test.ts'],
  },
  {
    bug: 'everybody on the machine may open the state folder',
    file: 'local/private.ts',
    text: `  chmodSync(folder, 0o700)
`,
    by: '',
    tests: ['local/private.test.ts'],
  },
  {
    bug: 'attributes of a sheet are read again although nothing was taken from them',
    file: 'worker/src/formats/xlsx/sheet.ts',
    text: `        if (plain === attributes) throw damagedWorkbook()
`,
    by: '',
    tests: ['worker/src/formats/xlsx/table.test.ts'],
  },
  {
    bug: 'a control character in a tag of a sheet is no blank where blanks are taken out',
    file: 'worker/src/formats/xlsx/sheet.ts',
    text: 'while (start < end && part.charCodeAt(start) <= SPACE) start++',
    by: 'while (start < end && part.charCodeAt(start) === SPACE) start++',
    tests: ['worker/src/formats/xlsx/table.test.ts', 'worker/src/formats/xlsx/sheets.test.ts'],
  },
  {
    bug: 'refusals are not in the audit',
    file: 'worker/src/api/route.ts',
    text: 'if (error instanceof ApiError) await recordRefusal(env, request, { method, path }, caller, id, error)',
    by: 'if (false) await recordRefusal(env, request, { method, path }, caller, id, error as ApiError)',
    tests: ['worker/src/api/audit.worker.test.ts'],
  },
  {
    bug: 'downloads of the bytes of a run are not in the audit',
    file: 'worker/src/api/run-files.ts',
    text: `      await record('snapshot_downloaded', run.id)
`,
    by: '',
    tests: ['worker/src/api/audit-routes.worker.test.ts'],
  },
  {
    bug: 'each refusal of a stranger gets an entry of its own',
    file: 'worker/src/api/recording.ts',
    text: "const isFolded = who.kind === 'stranger' || ",
    by: 'const isFolded = ',
    tests: ['worker/src/api/audit.worker.test.ts', 'worker/src/api/audit-routes.worker.test.ts'],
  },
  {
    bug: 'a token is labelled with its name alone, which may be that of a person or `contact`',
    file: 'worker/src/security/author.ts',
    text: 'label: `${name} (token)`',
    by: 'label: name',
    tests: ['worker/src/api/authors.worker.test.ts'],
  },
]
