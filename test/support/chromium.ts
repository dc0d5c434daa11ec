import { type Browser, chromium } from 'playwright-core';

/** A Chromium without a window: the one installed at `CHROMIUM`, by default Debian's. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', // Tests may run as root, as which Chromium has no sandbox.
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
