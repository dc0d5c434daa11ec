import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { expectToSee } from './console.page.js';

/** Milliseconds until what a test waits for is said not to come. */
const PATIENCE = 10_000;
const PHONE = { viewport: { width: 375, height: 812 } };

describe('The pages of the documents', () => {
  let server: TestServer;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
  });
  afterEach(() => {
    const heard = complaints.splice(0);
    if (heard.length > 0) throw new Error(heard.join('\n'));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens a page that may ask nobody else for anything. */
  async function open(path: string, options?: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
    await context.route(
      (url) => !url.href.startsWith(server.url) && url.protocol !== 'data:',
      (route) => {
        complaints.push(`asked for ${route.request().url()}`);
        return route.abort();
      },
    );
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(server.url + path);
    return page;
  }

  const overflow = (page: Page): Promise<number> =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  /** Keeps a picture of the page for a person to look at. */
  async function picture(page: Page, name: string): Promise<void> {
    const path = fileURLToPath(new URL(`screenshots/docs-${name}.png`, import.meta.url));
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  }

  it('may run and read what is of this server, and nothing else', async () => {
    for (const path of ['/docs', '/docs/async']) {
      await request(server.url)
        .get(path)
        .expect(200)
        .expect('content-security-policy', /^default-src 'none'; script-src 'self'; style-src 'self'/);
    }
  });

  it('show every route, and what one takes and answers', async () => {
    const page = await open('/docs');
    await page.getByText('Search for users').click();
    await page
      .locator('[data-param-name=limit]')
      .getByText(/maximum\W+100/)
      .waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(30);
    await picture(page, 'rest');
  });

  it('call the API from the page', async () => {
    const page = await open('/docs');
    await page.getByText('How many are connected in the dialect channels').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await expectToSee(page.locator('.live-responses-table').getByText('"total_clients"'));
  });

  it('show the frames of a dialect, and those of another when it is chosen', async () => {
    const page = await open('/docs/async');
    await page.getByRole('link', { name: 'tribe', exact: true }).click();
    await page.getByRole('heading', { name: 'tribe' }).waitFor();
    await page.getByText('message.new', { exact: true }).click();
    await page.getByRole('cell', { name: 'data.sender.profile_image_url' }).waitFor();
    await page.locator('pre:visible').getByText('"Message content"').waitFor();
    await picture(page, 'tribe');
    await page.getByRole('link', { name: 'pets', exact: true }).click();
    await page.getByText('new_conversation_invitation', { exact: true }).waitFor();
    expect(await page.getByText('message.new', { exact: true }).count()).toBe(0);
    expect(new URL(page.url()).hash).toBe('#pets');
  });

  it.each(['flat', 'dashboard', 'socketio', 'tribe', 'channels', 'pets'])('have an address for %s', async (dialect) => {
    const page = await open(`/docs/async#${dialect}`);
    await page.getByRole('heading', { name: dialect }).waitFor();
    await expectToSee(page.getByText('Clients get'));
  });

  it('lead to each other and to the console', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'REST API' }).click();
    await page.waitForURL('**/docs');
    await page.getByRole('link', { name: 'Frames' }).click();
    await page.waitForURL('**/docs/async');
    await page.getByRole('link', { name: 'Console' }).click();
    await expectToSee(page.getByRole('button', { name: 'Sign in' }));
  });

  it.each(['light', 'dark'] as const)('are not wider than a phone, in %s colours', async (colorScheme) => {
    const frames = await open('/docs/async#tribe', { ...PHONE, colorScheme });
    await frames.getByText('message.new', { exact: true }).click();
    expect(await overflow(frames)).toBe(0);
    await picture(frames, `phone-${colorScheme}-tribe`);

    const rest = await open('/docs', { ...PHONE, colorScheme });
    await rest.getByText('Search for users').click();
    await rest.getByText('Default value : 50').waitFor();
    expect(await overflow(rest)).toBe(0);
    await picture(rest, `phone-${colorScheme}-rest`);
  });
});
