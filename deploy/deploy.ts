import { faultOf, type GivenAnswers, keepAnswers, parseAnswers, QUESTIONS, readAnswers } from './answers.ts'
import { carryOut } from './carry-out.ts'
import type { Command } from './command.ts'
import { look } from './found.ts'
import { readKeys } from './keys.ts'
import { type Here, planOf, type State } from './plan.ts'
import { textOfChecks, textOfPlan } from './print.ts'
import { probe } from './probe.ts'
import { removeAll } from './remove.ts'
import { rollBackPages, rollBackWorker } from './rollback.ts'
import { smokeTest } from './smoke.ts'
import { readWanted } from './wanted.ts'
import type { World } from './world.ts'

/** The terminal. */
export interface Terminal {
  /** Asks the person; null if nobody is there to answer. */
  ask: ((question: string) => Promise<string>) | null
  env: NodeJS.ProcessEnv
  hasDocker(): Promise<boolean>
}

/**
 * Does what the command asks for. Returns whether all is well; what waits for DNS is well. Throws an `Error` with sentences for the
 * operator if a step fails: everything before it is there, and the next deploy goes on from it.
 */
export async function run(
  command: Exclude<Command, { kind: 'help' }>,
  world: World,
  terminal: Terminal,
): Promise<boolean> {
  const wanted = readWanted(world.root)
  const answers = parseAnswers(await complete({ ...readAnswers(world.folder), ...command.given }, world, terminal))
  const here: Here = {
    docker: await terminal.hasDocker(),
    keys: readKeys(world.folder, terminal.env),
    ci: terminal.env.CI === 'true',
  }
  const found = await look(world.cloudflare, wanted, answers)
  const state: State = { wanted, answers: { ...answers, account: found.account.id }, found, here }
  switch (command.kind) {
    case 'rollback': {
      const rollBack = command.part === 'worker' ? rollBackWorker : rollBackPages
      world.print(`The ${command.part} went back to ${await rollBack(found.account.id, wanted, world)}.`)
      return true
    }
    case 'probe':
      await probe(state, world)
      return true
    case 'remove': {
      if (command.domain !== answers.domain) {
        throw new Error(`This deletes all contacts, runs and files. Confirm it with --remove ${answers.domain}.`)
      }
      const left = await removeAll(state, world)
      world.print(`\nLeft for you to delete:\n${left.map((what) => `  ${what}`).join('\n')}`)
      return true
    }
    case 'plan': {
      // So that nobody is asked again by the deploy that follows.
      keepAnswers(world.folder, state.answers)
      const plan = planOf(state)
      world.print(textOfPlan(state, plan))
      return plan.stops.length === 0
    }
    case 'deploy':
      return await deploy(state, world, command.yes ? null : terminal.ask)
  }
}

async function deploy(state: State, world: World, ask: Terminal['ask']): Promise<boolean> {
  const plan = planOf(state)
  world.print(textOfPlan(state, plan))
  if (plan.stops.length > 0) return false
  if (ask !== null && !/^y(es)?$/i.test(await ask('\nGo on? [y/N] '))) return false
  keepAnswers(world.folder, state.answers)
  world.print('')
  const after = await carryOut(state, world)
  const seen = { ...after, found: await look(world.cloudflare, after.wanted, after.answers) }
  const { checks, answers } = await smokeTest(seen, world)
  keepAnswers(world.folder, answers)
  world.print(`\n${textOfChecks(seen, checks)}`)
  return checks.every((check) => check.state !== 'failed')
}

/** Asks for the answers that are missing. Without a terminal they stay missing. */
async function complete(given: GivenAnswers, world: World, { ask }: Terminal): Promise<GivenAnswers> {
  const answers = { ...given }
  if (ask === null) return answers
  for (const { name, question } of QUESTIONS) {
    while (answers[name] === undefined) {
      const text = (await ask(`${question}: `)).trim()
      const fault = faultOf(name, text)
      if (fault === null) answers[name] = text
      else world.print(`  It ${fault}.`)
    }
  }
  return answers
}
