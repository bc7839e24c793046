import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Opens Chromium without a window. Installs Debian's package where it may; otherwise throws an `Error` that says
 * what to install, so that the test fails instead of passing unseen.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path)) ?? install()
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
}

function install(): string {
  const [path] = PLACES
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
      execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    }
  }
  if (path === undefined || !existsSync(path)) throw new Error('Install Chromium: sudo apt-get install chromium')
  return path
}
