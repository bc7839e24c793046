import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { installPackage } from './debian.ts'

const DEBIANS = '/usr/bin/chromium'
const PLACES = [DEBIANS, '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Opens Chromium without a window. Installs Debian's package first if it is missing. */
export async function openBrowser(): Promise<Browser> {
  const found = PLACES.find((path) => existsSync(path))
  if (found === undefined) installPackage('chromium')
  return chromium.launch({
    executablePath: found ?? DEBIANS,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
}
