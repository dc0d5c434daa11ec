import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { ConsolePage } from './console.page.js';

/** A server, a browser and the consoles that a suite opens in it, which are closed after each test. */
export interface ConsoleStage {
  readonly server: TestServer;
  readonly open: (url?: string, options?: BrowserContextOptions) => Promise<ConsolePage>;
  /** A page on which someone new is signed in. */
  readonly someone: (fullName: string, options?: BrowserContextOptions) => Promise<ConsolePage>;
  /** An address that nobody has. */
  readonly newEmail: () => string;
}

/** For the suite in which it is called. A test fails when the browser had anything to complain of. */
export function useConsole(): ConsoleStage {
  let server: TestServer;
  let browser: Browser;
  let people = 0;
  const pages: ConsolePage[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
  });

  afterEach(async () => {
    const opened = pages.splice(0);
    const complaints = opened.flatMap((page) => page.complaints);
    await Promise.all(opened.map((page) => page.close()));
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const stage: ConsoleStage = {
    get server() {
      return server;
    },
    newEmail: () => `someone-${++people}@example.com`,
    async open(url = server.url, options) {
      const page = await ConsolePage.open(browser, url, options);
      pages.push(page);
      return page;
    },
    async someone(fullName, options) {
      const page = await stage.open(server.url, options);
      await page.register(stage.newEmail(), fullName);
      return page;
    },
  };
  return stage;
}
