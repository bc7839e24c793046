import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { counters, raise, take, unmoved } from './counters.ts'
import { all, columnsOf, database, first, guard, named, statement, write } from './database.ts'
import { users } from './users.ts'

const insertUser = (id: string, email: string, userId: string | null = null) =>
  statement(database(env).insert(users).values({ id, email, name: 'Ana', role: 'viewer', userId, createdAt: 0 }))

const userIds = async () => (await database(env).select({ id: users.id }).from(users)).map(({ id }) => id)

describe('named SQL', () => {
  it('named SQL numbers its values in the order in which their names first occur', () => {
    const { sql, values } = named('SELECT :b, :a, :b, :c', { a: 1, b: 'two', c: null })
    expect(sql).toBe('SELECT ?1, ?2, ?1, ?3')
    expect(values).toEqual(['two', 1, null])
  })

  it('named SQL does not replace names inside quotation marks', () => {
    const { sql } = named(`SELECT ':a', 'it''s :a?', ":a", '"#' || :a || '"'`, { a: 1 })
    expect(sql).toBe(`SELECT ':a', 'it''s :a?', ":a", '"#' || ?1 || '"'`)
  })

  it('named SQL passes values to D1 unchanged, and a boolean as 1 or 0', async () => {
    const values = { text: "it's", whole: 7, part: 0.5, yes: true, no: false, empty: null }
    expect(
      await first(
        env,
        named(
          'SELECT :text AS text, :whole + 1 AS whole, :part AS part, :yes AS yes, :no AS no, :empty AS empty',
          values,
        ),
      ),
    ).toEqual({ text: "it's", whole: 8, part: 0.5, yes: 1, no: 0, empty: null })
  })

  it('named SQL refuses a name without a value, a value without a name, and an unnamed value', () => {
    expect(() => named('SELECT :a, :b', { a: 1 })).toThrow('no value “b”')
    expect(() => named('SELECT :toString')).toThrow('no value “toString”')
    expect(() => named('SELECT :a', { a: 1, b: 2 })).toThrow('“b” is not used')
    expect(() => named('SELECT ?')).toThrow('no name')
  })
})

describe('a write', () => {
  it('a write takes drizzle queries and named SQL together, and returns the result of each', async () => {
    const rename = database(env).update(users).set({ name: 'Bo' }).where(eq(users.id, 'a'))
    const { failed, results } = await write(env, [
      insertUser('a', 'a@example.org'),
      statement(rename),
      named('SELECT name FROM user WHERE id = :id', { id: 'a' }),
    ])
    expect(failed).toBe(null)
    expect(results.map(({ meta }) => meta.changes)).toEqual([1, 1, 0])
    expect(results[2]?.results).toEqual([{ name: 'Bo' }])
  })

  it('a write stores nothing if one of its guards fails, and returns the guard', async () => {
    const before = await take(env, 'manual')
    for (const condition of ['1 = 2', 'NULL']) {
      const statements = [
        unmoved('manual', before),
        guard(condition),
        raise('manual'),
        insertUser('a', 'a@example.org'),
      ]
      expect(await write(env, statements, 'guard')).toEqual({ failed: 'guard', results: [] })
      await expect(write(env, statements)).rejects.toThrow('NOT NULL constraint failed')
    }
    expect(await userIds()).toEqual([])
    expect(await take(env, 'manual')).toBe(before + 1)
  })

  it('a write is not stopped by guards that hold, and they write no row', async () => {
    const { failed, results } = await write(
      env,
      [guard(':a < :b', { a: 1, b: 2 }), insertUser('a', 'a@example.org')],
      'guard',
    )
    expect(failed).toBe(null)
    expect(results[0]?.meta.rows_written).toBe(0)
    expect(await userIds()).toEqual(['a'])
    expect((await database(env).select().from(counters).where(eq(counters.name, 'seq'))).length).toBe(1)
  })

  it('a write names the unique column in which another row has the same value', async () => {
    await write(env, [insertUser('a', 'a@example.org', 'U1')])
    const same = (id: string, email: string, userId: string) =>
      write(env, [insertUser(id, email, userId)], 'guard', users.email, users.userId)
    expect((await same('b', 'A@EXAMPLE.ORG', 'U2')).failed).toBe(users.email)
    expect((await same('b', 'b@example.org', 'U1')).failed).toBe(users.userId)
    expect((await same('b', 'b@example.org', 'U2')).failed).toBe(null)
  })

  it('a write throws a failure that its caller does not expect', async () => {
    await write(env, [insertUser('a', 'a@example.org')])
    await expect(write(env, [insertUser('b', 'a@example.org')], 'guard', users.userId)).rejects.toThrow('user.email')
    // A NULL in another column is a mistake in the code, not a guard that failed.
    const nameless = named('UPDATE user SET name = NULL')
    await expect(write(env, [nameless], 'guard')).rejects.toThrow('user.name')
  })
})

it('the columns of a table are read under their names in code', async () => {
  await write(env, [insertUser('a', 'a@example.org', 'U1')])
  expect(await all(env, named(`SELECT ${columnsOf(users, 'u', ['id', 'userId', 'createdAt'])} FROM user u`))).toEqual([
    { id: 'a', userId: 'U1', createdAt: 0 },
  ])
})
