import type { Browser, BrowserContextOptions } from 'playwright-core';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { PASSWORD, Person } from '../../src/testing/person.js';
import { Rest } from '../../src/testing/rest.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import type { Socket } from '../../src/testing/socket.js';
import { ConsolePage, expectToSee } from './console.page.js';

describe('The web console', () => {
  let server: TestServer;
  let browser: Browser;
  const pages: ConsolePage[] = [];
  let people = 0;

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

  async function open(url = server.url, options?: BrowserContextOptions): Promise<ConsolePage> {
    const page = await ConsolePage.open(browser, url, options);
    pages.push(page);
    return page;
  }

  /** A page on which someone new is signed in. */
  async function someone(fullName: string, options?: BrowserContextOptions): Promise<ConsolePage> {
    const page = await open(server.url, options);
    await page.register(newEmail(), fullName);
    return page;
  }

  const newEmail = (): string => `someone-${++people}@example.com`;

  describe('as a page', () => {
    it('may run its own files only, and is asked for anew each time', async () => {
      const response = await request(server.url)
        .get('/')
        .expect(200)
        .expect('content-security-policy', /^default-src 'none'; script-src 'self'; style-src 'self'; /)
        .expect('cache-control', 'no-cache');
      await request(server.url).get('/').set('if-none-match', response.headers['etag']!).expect(304);
    });

    it('leaves unknown addresses to the API', async () => {
      const response = await request(server.url).get('/nothing-here.js').expect(404);
      expect(response.body).toMatchObject({ statusCode: 404 });
    });
  });

  describe('account', () => {
    it('keeps someone signed in when the page is loaded again, until they sign out', async () => {
      const page = await someone('Ada');
      await page.page.reload();
      await expectToSee(page.page.getByText('Ada', { exact: true }));
      await page.button('Sign out').click();
      await expectToSee(page.button('Sign in'));
      await page.page.reload();
      await expectToSee(page.button('Sign in'));
    });

    it('says beside the form why it cannot sign someone in', async () => {
      const page = await open();
      await page.page.getByLabel('E-mail').fill('nobody@example.com');
      await page.page.getByLabel('Password').fill('not the password');
      await page.page.keyboard.press('Enter');
      const refusal = page.page.getByRole('region', { name: 'Account' }).getByRole('alert');
      await expectToSee(refusal);
      expect(await refusal.textContent()).not.toBe('');
    });

    it('renews the access token before it ends', async () => {
      const page = await open();
      await page.page.clock.install();
      await page.register(newEmail(), 'Barbara');
      const renewal = page.page.waitForResponse('**/auth/refresh');
      await page.page.clock.fastForward('14:45');
      await page.openConversation('renewal');
      expect((await renewal).status()).toBe(200);
    });

    it('renews the access token when the server refuses it', async () => {
      const page = await someone('Frances');
      await page.page.route('**/conversations/*', (route) => route.fulfill({ status: 401, json: {} }), { times: 1 });
      const renewal = page.page.waitForResponse('**/auth/refresh');
      await page.openConversation('renewal');
      expect((await renewal).status()).toBe(200);
    });
  });

  it('speaks channels: joins, sends over REST and hears it, pings and leaves', async () => {
    const page = await someone('Grace');
    await page.connect('channels');
    await page.enter('speaks-channels', 'Join');
    await expectToSee(page.frames('sent', 'join_channel'));
    await expectToSee(page.frames('received', 'channel_joined'));

    await page.send('hello, channels');
    await expectToSee(page.frames('received', /"new_message".*hello, channels/));
    await expectToSee(page.messages.getByText('hello, channels'));

    await page.button('Ping').click();
    await expectToSee(page.frames('received', '"pong"'));
    await expectToSee(page.statistics.getByText('speaks-channels'));

    await page.button('Leave').click();
    await expectToSee(page.frames('received', 'channel_left'));
    expect(await page.page.getByRole('radio', { name: 'Socket' }).isDisabled()).toBe(true);
    await expectToSee(page.page.getByText('channels cannot send over its socket'));
  });

  it('speaks tribe: subscribes, hears what others send, pings and unsubscribes', async () => {
    const [page, other] = await Promise.all([someone('Edsger'), someone('Tony')]);
    await page.connect('tribe');
    await expectToSee(page.frames('received', '"connected"'));
    await page.enter('speaks-tribe', 'Subscribe');
    await expectToSee(page.frames('received', '"subscribed"'));

    await other.openConversation('speaks-tribe');
    await other.send('hello, tribe');
    await expectToSee(page.frames('received', /"message\.new".*hello, tribe/));
    await expectToSee(page.messages.filter({ hasText: 'Tony' }).getByText('hello, tribe'));

    await page.button('Ping').click();
    await expectToSee(page.frames('received', '"pong"'));

    await page.button('Unsubscribe').click();
    await expectToSee(page.button('Subscribe').and(page.page.locator(':enabled')));
  });

  it('speaks flat: takes part, and sends over the socket', async () => {
    const founder = await Person.register(server);
    await founder.rest.post('/channels', { slug: 'speaks-flat' }).expect(201);
    const page = await someone('Donald');
    await page.connect('flat');
    await page.enter('speaks-flat', 'Take part');

    await page.send('hello over the socket', 'Socket');
    await expectToSee(page.frames('sent', /"content": "hello over the socket"/));
    await expectToSee(page.messages.getByText('hello over the socket'));

    await page.send('hello over REST', 'REST');
    await expectToSee(page.frames('received', /"sender_id".*hello over REST/));

    expect(await page.button('Ping').isDisabled()).toBe(true);
    await expectToSee(page.page.getByText('flat has no ping.'));
    await page.button('Leave').click();
    await expectToSee(page.button('Take part').and(page.page.locator(':enabled')));
  });

  it('lets people hear each other in one channel, each in a dialect of their own', async () => {
    const [ada, alan] = await Promise.all([someone('Ada'), someone('Alan')]);
    await ada.connect('channels');
    await ada.enter('crossing', 'Join');
    await alan.connect('flat');
    await alan.enter('crossing', 'Take part');

    await alan.send('from flat', 'Socket');
    await expectToSee(ada.messages.filter({ hasText: 'Alan' }).getByText('from flat'));
    await expectToSee(ada.frames('received', /"new_message".*from flat/));

    await ada.send('from channels');
    await expectToSee(alan.messages.filter({ hasText: 'Ada' }).getByText('from channels'));
    await expectToSee(alan.frames('received', /"sender_id".*from channels/));
  });

  it('keeps the focus where the work is, for those who use the keyboard', async () => {
    const page = await someone('Hedy');
    const expectFocus = (name: string): Promise<void> =>
      expectToSee(page.button(name).and(page.page.locator(':focus')));
    await page.openConversation('keyboard');

    await page.button('Connect').press('Enter');
    await expectFocus('Disconnect');
    await page.button('Join').press('Enter');
    await expectFocus('Leave');
    await page.page.keyboard.press('Enter');
    await expectToSee(page.frames('received', 'channel_left'));
    await page.button('Disconnect').press('Enter');
    await expectFocus('Connect');
  });

  it('shows what people write as text, never as HTML', async () => {
    const page = await someone('<s>Mallory</s>');
    await page.connect('channels');
    await page.enter('markup', 'Join');
    const markup = `<img src=x onerror="document.title='owned'">`;
    await page.send(markup);
    await expectToSee(page.messages.getByText(markup));
    await page.frames('received', 'new_message').locator('summary').click();
    await expectToSee(page.frames('received', 'new_message').locator('pre').getByText('onerror'));
    expect(await page.page.locator('main img').count()).toBe(0);
    expect(await page.page.title()).toBe('Parlance console');
  });

  it('says beside the message why it was not sent', async () => {
    const page = await someone('Margaret');
    await page.openConversation('too-long');
    await page.send('x'.repeat(4001));
    await expectToSee(page.page.locator('#compose').getByRole('alert').getByText('4000'));

    await page.connect('flat');
    await page.send('x'.repeat(4001), 'Socket');
    await expectToSee(page.frames('received', '"error"'));
    await expectToSee(page.page.locator('#compose').getByRole('alert').getByText('4000'));
  });

  it('shows the newest messages of a conversation, and older ones when asked', async () => {
    const leslie = await Person.register(server);
    await leslie.rest.post('/channels', { slug: 'long' });
    for (let number = 1; number <= 40; number++) await leslie.rest.say('long', `number ${number}`);

    const page = await someone('Jeannette');
    await page.openConversation('long');
    await expectToSee(page.messages.getByText('number 40', { exact: true }));
    expect(await page.messages.count()).toBe(30);
    await page.button('Older messages').click();
    await expectToSee(page.messages.getByText('number 1', { exact: true }));
    expect(await page.messages.count()).toBe(40);
    expect(await page.messages.first().textContent()).toContain('number 1');
  });

  describe('tells in words why a connection ended', () => {
    it('when the login ended elsewhere, and asks to sign in again', async () => {
      const page = await open();
      const token = await page.register(newEmail(), 'Niklaus');
      await page.connect('tribe');
      await new Rest(server.url, { authorization: `Bearer ${token}` }).post('/auth/logout').expect(204);
      await expectToSee(page.state.getByText('Signed out'));
      await expectToSee(page.state.getByText('4401'));
      await expectToSee(page.button('Sign in'));
    });

    it('when the server restarts, and offers to reconnect', async () => {
      const leaving = await startServer();
      const page = await open(leaving.url);
      await page.register(newEmail(), 'Radia');
      await page.connect('channels');
      await leaving.close();
      await expectToSee(page.state.getByText('The server is restarting'));
      await expectToSee(page.button('Reconnect').and(page.page.locator(':enabled')));
    }, 60_000);
  });

  describe('at a glance', () => {
    let ada: Person;
    const crowd: Socket[] = [];

    beforeAll(async () => {
      ada = await Person.register(server, { full_name: 'Ada Lovelace' });
      const charles = await Person.register(server, { full_name: 'Charles Babbage' });
      await ada.rest.post('/channels', { slug: 'general' });
      await charles.rest.say('general', 'Good morning! Is the analytical engine running?');
      await ada.rest.say('general', 'Since nine. It weaves algebraic patterns.');
      await charles.rest.say('general', `The drawings: https://example.com/${'difference-engine/'.repeat(6)}`);
      for (const channel of ['general', 'general', 'engines', 'engines', 'engines', 'punched-cards']) {
        crowd.push(await charles.channelsIn(channel));
      }
    });

    afterAll(() => Promise.all(crowd.map((socket) => socket.close())));

    describe.each([
      { device: 'desktop', viewport: { width: 1280, height: 800 } },
      { device: 'phone', viewport: { width: 375, height: 812 } },
    ])('on a $device', ({ device, viewport }) => {
      it.each(['light', 'dark'] as const)('has nothing wider than the page, in %s colours', async (colorScheme) => {
        const page = await open(server.url, { viewport, colorScheme });
        await expectToSee(page.button('Sign in'));
        expect(await page.overflow()).toBe(0);
        await page.picture(`${device}-${colorScheme}-signed-out`);

        await page.signIn(ada.user.email, PASSWORD);
        await page.connect('channels');
        await page.enter('general', 'Join');
        const greeting = `I am here on a ${device}, in the ${colorScheme}.`;
        await page.send(greeting);
        await expectToSee(page.messages.getByText(greeting));
        await page.frames('received', greeting).locator('summary').click();
        await page.button('Ping').click();
        await expectToSee(page.frames('received', '"pong"'));
        await expectToSee(page.statistics.getByText('3', { exact: true }).nth(1));
        expect(await page.overflow()).toBe(0);
        await page.picture(`${device}-${colorScheme}-connected`);
      });
    });
  });
});
