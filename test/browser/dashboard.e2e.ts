import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { CloseCode } from '../../src/realtime/close-codes.js';
import { Connections } from '../../src/realtime/connections.js';
import { launchChromium } from '../support/chromium.js';
import { PASSWORD, Person } from '../../src/testing/person.js';
import { Rest } from '../../src/testing/rest.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { DashboardPage } from './dashboard.page.js';

describe("A session's dashboard page", () => {
  let server: TestServer;
  let browser: Browser;
  let owner: Person;
  let host: Rest;
  const pages: DashboardPage[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchChromium()]);
    owner = await Person.register(server, { role: 'host', full_name: 'Hanna Host' });
    host = owner.rest;
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

  /** A new session. @returns its id */
  async function begin(given: object = {}): Promise<string> {
    const { body } = await host.post('/sessions', { title: 'Opening night', ...given }).expect(201);
    return body.id as string;
  }

  const guest = (full_name = 'Ada Lovelace'): Promise<Person> => Person.register(server, { full_name });

  /** One after the other: hashing passwords takes its time. */
  async function crowd(names: string[]): Promise<Person[]> {
    const people: Person[] = [];
    for (const name of names) people.push(await guest(name));
    return people;
  }

  async function checkIn(session: string, person: Pick<Person, 'id'>): Promise<number> {
    return (await host.post(`/sessions/${session}/check-ins`, { user_id: person.id })).status;
  }

  async function prepare(options?: BrowserContextOptions): Promise<DashboardPage> {
    const page = await DashboardPage.prepare(browser, options);
    pages.push(page);
    return page;
  }

  async function watch(session: string, options?: BrowserContextOptions): Promise<DashboardPage> {
    const page = await prepare(options);
    await page.watch(server.url, session);
    return page;
  }

  async function watchLive(session: string): Promise<DashboardPage> {
    const page = await watch(session);
    await page.expectState('Live');
    return page;
  }

  function closeSockets(): void {
    for (const connection of server.app.get(Connections)) connection.close(CloseCode.RESTARTING, 'restarting');
  }

  describe('as an answer', () => {
    it('has the figures of the moment in it, and may run the server’s files only', async () => {
      const session = await begin();
      await checkIn(session, await guest());
      const { text } = await request(server.url)
        .get(`/api/v1/sessions/${session}/dashboard.html`)
        .expect(200)
        .expect('content-type', 'text/html; charset=utf-8')
        .expect('content-security-policy', /^default-src 'none'; script-src 'self'; style-src 'self'; /)
        .expect('referrer-policy', 'no-referrer')
        .expect('cache-control', 'no-store');
      const { body } = await host.get(`/sessions/${session}/dashboard`).expect(200);
      expect(embeddedIn(text)).toEqual({ session_id: session, title: 'Opening night', dashboard: body });
    });

    it('has nothing in it of a session that only its host may watch', async () => {
      const session = await begin({ dashboard_access: 'host' });
      const { text } = await request(server.url).get(`/api/v1/sessions/${session}/dashboard.html`).expect(200);
      expect(embeddedIn(text)).toEqual({ session_id: session });
    });

    it('cannot be broken out of by a text', async () => {
      const session = await begin({ title: `</script><script>alert('$&')</script><!--` });
      const { text } = await request(server.url).get(`/api/v1/sessions/${session}/dashboard.html`).expect(200);
      expect(embeddedIn(text)).toMatchObject({ title: `</script><script>alert('$&')</script><!--` });
    });

    it('is refused like the dashboard’s other routes where there is no session', async () => {
      const { body } = await request(server.url).get(`/api/v1/sessions/${newId()}/dashboard.html`).expect(404);
      expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Session not found' });
      await request(server.url).get('/api/v1/sessions/x/dashboard.html').expect(400).expect('content-type', /json/);
    });

    it('is also found at the address without the prefix', async () => {
      await request(server.url)
        .get('/sessions/x/dashboard.html')
        .expect(302)
        .expect('location', '/api/v1/sessions/x/dashboard.html');
    });

    it('has files that are asked for anew each time', async () => {
      const response = await request(server.url)
        .get('/dashboard/app.js')
        .expect(200)
        .expect('cache-control', 'no-cache');
      await request(server.url).get('/dashboard/app.js').set('if-none-match', response.headers['etag']!).expect(304);
      await request(server.url).get('/dashboard/nothing.js').expect(404);
    });
  });

  it('moves with every check-in, and with every one that is refused', async () => {
    const session = await begin();
    const [ada, bob] = [await guest('Ada Lovelace'), await guest('Bob Bell')];
    await checkIn(session, ada);
    const page = await watchLive(session);
    await page.page.getByRole('heading', { name: 'Opening night' }).waitFor();
    await page.expectTotals(1, 0);

    await checkIn(session, bob);
    await page.expectTotals(2, 0);
    expect(await checkIn(session, ada)).toBe(409);
    await page.expectTotals(2, 1);
    expect(await page.latest.allTextContents()).toEqual([
      expect.stringMatching(/^ALAda Lovelace\d\d:\d\d refused: Already checked in$/),
      expect.stringMatching(/^BBBob Bell\d\d:\d\d$/),
      expect.stringMatching(/^ALAda Lovelace\d\d:\d\d$/),
    ]);
  });

  it('tells in words what the curve shows, and the figures to those who listen', async () => {
    const session = await begin();
    const page = await watchLive(session);
    await page.page.getByText('Nobody yet.').waitFor();
    expect(await page.curve.getAttribute('aria-label')).toBe(
      'Check-ins per minute in the last 10 minutes: 0 in this one.',
    );
    const [ada, bob] = [await guest(), await guest()];
    await checkIn(session, ada);
    await checkIn(session, bob);
    const { body } = await host.get(`/sessions/${session}/dashboard`);
    const most = Math.max(...body.per_minute.map(({ count }: { count: number }) => count));
    await page.page.getByRole('img', { name: `at most ${most}` }).waitFor();
    await page.page.locator('[aria-live=polite]', { hasText: '2 checked in, 0 refused' }).waitFor();
  });

  it('shows no more than the last hour', async () => {
    const session = await begin();
    const [ada, bob] = [await guest(), await guest()];
    await checkIn(session, ada);
    await checkIn(session, bob);
    await server.app
      .get(DataSource)
      .query(`UPDATE check_ins SET created_at = now() - interval '90 minutes' WHERE session_id = $1 AND user_id = $2`, [
        session,
        ada.id,
      ]);
    const page = await watchLive(session);
    await page.expectTotals(2, 0);
    expect(await page.curve.getAttribute('aria-label')).toMatch(
      /in the last 60 minutes: \d in this one, at most 1, at /,
    );
  });

  it('shows the last ten, however many come at once', async () => {
    const session = await begin();
    const page = await watchLive(session);
    const people = await crowd(Array.from({ length: 24 }, (_, index) => `Person ${index}`));
    await Promise.all(people.map((person) => checkIn(session, person)));
    await page.expectTotals(24, 0);
    expect(await page.latest.count()).toBe(10);
    const { body } = await host.get(`/sessions/${session}/dashboard`);
    const names = (body.latest as { user_name: string }[]).map(({ user_name }) => user_name);
    expect((await page.latest.locator('.name').allTextContents()).toSorted()).toEqual(names.toSorted());
  });

  it('shows what people call themselves as text, never as HTML', async () => {
    const markup = `<img src=x onerror="document.title='owned'">`;
    const session = await begin({ title: '<b>Opening</b>' });
    const [before, after] = [await guest(markup), await guest(`</script>${markup}`)];
    await checkIn(session, before);
    const page = await watchLive(session);
    await checkIn(session, after);
    await page.expectTotals(2, 0);
    await page.latest.getByText(markup, { exact: true }).waitFor();
    await page.latest.getByText(`</script>${markup}`, { exact: true }).waitFor();
    await page.page.getByRole('heading', { name: '<b>Opening</b>' }).waitFor();
    expect(await page.page.locator('main img').count()).toBe(0);
    expect(await page.page.title()).toBe('<b>Opening</b> · check-ins');
  });

  describe('pictures', () => {
    let gallery: Server;
    const visits: IncomingHttpHeaders[] = [];

    beforeAll(async () => {
      gallery = createServer((request, response) => {
        visits.push(request.headers);
        if (request.url !== '/portrait.svg') return response.writeHead(404).end();
        response.writeHead(200, { 'content-type': 'image/svg+xml' });
        return response.end('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8z"/></svg>');
      });
      await new Promise<void>((done) => gallery.listen(0, '127.0.0.1', done));
    });
    afterAll(() => gallery.close());

    async function guestPictured(full_name: string, path: string): Promise<Person> {
      const person = await guest(full_name);
      const profile_image_url = `http://127.0.0.1:${(gallery.address() as AddressInfo).port}/${path}`;
      await person.rest.patch('/users/me', { profile_image_url }).expect(200);
      return person;
    }

    it('are shown from where people keep them, which learns nothing of the page; else initials are', async () => {
      const session = await begin();
      const page = await watchLive(session);
      await checkIn(session, await guestPictured('Ada Lovelace', 'portrait.svg'));
      await checkIn(session, await guestPictured('Charles Babbage', 'missing.svg'));
      await page.latest.filter({ hasText: 'Ada Lovelace' }).locator('img').waitFor();
      await page.latest.filter({ hasText: 'Charles Babbage' }).getByText('CB', { exact: true }).waitFor();
      await expect.poll(() => visits.length).toBe(2);
      for (const headers of visits) {
        expect(headers.referer).toBeUndefined();
        expect(headers.cookie).toBeUndefined();
      }
      expect(await page.latest.locator('img').count()).toBe(1);
    });
  });

  describe('counts everyone once', () => {
    it('who checks in while the connection is lost', async () => {
      const session = await begin();
      const page = await watchLive(session);
      const [ada, bob, carol] = [await guest(), await guest(), await guest()];
      await checkIn(session, ada);
      await page.expectTotals(1, 0);

      closeSockets();
      await page.expectState('Reconnecting…');
      await checkIn(session, bob);
      await page.expectState('Live');
      await page.expectTotals(2, 0);
      await checkIn(session, carol);
      await page.expectTotals(3, 0);
    });

    it('who checks in while the figures are being read, before it and after', async () => {
      const session = await begin();
      const page = await prepare();
      const [before, after] = [await guest('Before'), await guest('After')];
      let reads = 0;
      let heard = 0;
      await page.page.route('**/dashboard.html', async (route) => {
        if (++reads === 1) return route.continue(); // the page itself
        await checkIn(session, before);
        const response = await route.fetch();
        await checkIn(session, after);
        await expect.poll(() => heard).toBe(2);
        return route.fulfill({ response });
      });
      page.page.on('websocket', (socket) => socket.on('framereceived', () => heard++));
      await page.watch(server.url, session);
      await page.expectState('Live');
      await page.expectTotals(2, 0);
      expect(await page.latest.count()).toBe(2);
    });

    it('of whom the frame was lost on its way', async () => {
      const session = await begin();
      const page = await prepare();
      await page.page.clock.install();
      await page.page.routeWebSocket(/\/ws\/dashboard\//, (socket) => {
        socket.connectToServer().onMessage(() => {});
      });
      await page.watch(server.url, session);
      await page.expectState('Live');
      await checkIn(session, await guest());
      await page.page.clock.fastForward('01:01');
      await page.expectTotals(1, 0);
    });
  });

  describe('of a session that only its host may watch', () => {
    it('asks to sign in, and is for the host alone', async () => {
      const session = await begin({ dashboard_access: 'host' });
      const stranger = await Person.register(server, { role: 'host', email: `stranger-${process.pid}@example.com` });
      const page = await watch(session);
      await page.signInButton.waitFor();
      await page.signIn(owner.user.email, 'not the password');
      await page.page.getByRole('alert').getByText('wrong').waitFor();
      await page.signIn(stranger.user.email, PASSWORD);
      await page.page.getByRole('alert').getByText("Only the session's host may do that").waitFor();
      expect(await page.page.getByText('Opening night').count()).toBe(0);

      await page.signIn(owner.user.email, PASSWORD);
      await page.expectState('Live');
      await page.page.getByRole('heading', { name: 'Opening night' }).waitFor();
      await checkIn(session, await guest());
      await page.expectTotals(1, 0);
      await page.page.reload();
      await page.expectTotals(1, 0);
    });

    it('takes the console’s login', async () => {
      const session = await begin({ dashboard_access: 'host' });
      const page = await prepare();
      await page.page.goto(server.url);
      await page.signIn(owner.user.email, PASSWORD);
      await page.page.getByRole('button', { name: 'Sign out' }).waitFor();
      await page.watch(server.url, session);
      await page.expectState('Live');
    });

    it('renews the token before it ends, without a moment in which it is not live', async () => {
      const session = await begin({ dashboard_access: 'host' });
      const page = await prepare();
      await page.page.clock.install();
      await page.watch(server.url, session);
      await page.signIn(owner.user.email, PASSWORD);
      await page.expectState('Live');
      const renewal = page.page.waitForResponse('**/auth/refresh');
      const socket = page.page.waitForEvent('websocket');
      await page.page.clock.fastForward('10:05');
      expect((await renewal).status()).toBe(200);
      await socket;
      await page.expectState('Live');
      await checkIn(session, await guest());
      await page.expectTotals(1, 0);
    });

    it('shares the renewed token with copies of the tab, since the old one is spent', async () => {
      const session = await begin({ dashboard_access: 'host' });
      const page = await prepare();
      await page.page.clock.install();
      await page.watch(server.url, session);
      await page.signIn(owner.user.email, PASSWORD);
      await page.expectState('Live');
      const opened = page.page.waitForEvent('popup');
      await page.page.evaluate(`void open('/')`); // takes the login along
      const copy = await opened;
      await copy.getByRole('button', { name: 'Sign out Hanna Host' }).waitFor();

      const renewal = page.page.waitForResponse('**/auth/refresh');
      await page.page.clock.fastForward('10:05');
      await renewal;
      const pane = copy.getByRole('region', { name: 'Pane 1' });
      await pane.getByRole('button', { name: 'Connect' }).click();
      await pane.getByRole('status').getByText('Connected').waitFor();
      await page.expectState('Live');
    });

    it('shows nothing any more when the login ends elsewhere', async () => {
      const session = await begin({ dashboard_access: 'host' });
      const page = await watch(session);
      const login = page.page.waitForResponse('**/auth/login');
      await page.signIn(owner.user.email, PASSWORD);
      const { access_token } = (await (await login).json()) as { access_token: string };
      await page.expectState('Live');
      await new Rest(server.url, { authorization: `Bearer ${access_token}` }).post('/auth/logout').expect(204);
      await page.signInButton.waitFor();
      expect(await page.page.getByText('Opening night').count()).toBe(0);
    });
  });

  describe('at a glance', () => {
    let session: string;

    beforeAll(async () => {
      session = await begin({ title: 'Reception of the Royal Astronomical Society' });
      const names = [
        'Ada Lovelace',
        'Charles Babbage',
        'Mary Somerville',
        'Caroline Herschel',
        'محمد بن موسى',
        '李善兰',
      ];
      const long = 'Pablo Diego José Francisco de Paula Juan Nepomuceno María de los Remedios Cipriano';
      const people = await crowd(Array.from({ length: 40 }, (_, index) => [...names, long][index % 7]!));
      for (const person of people) await checkIn(session, person);
      for (const person of people.slice(0, 3)) await checkIn(session, person);
      await server.app.get(DataSource).query(
        `UPDATE check_ins SET created_at = created_at - interval '1 minute' * floor(
           CASE WHEN success THEN 55 * power(abs(sin(('x' || right(id::text, 6))::bit(24)::int)), 2) ELSE 0 END)
         WHERE session_id = $1`,
        [session],
      );
    });

    describe.each([
      { device: 'wall', viewport: { width: 1920, height: 1080 } },
      { device: 'desktop', viewport: { width: 1280, height: 800 } },
      { device: 'phone', viewport: { width: 375, height: 812 } },
    ])('on a $device', ({ device, viewport }) => {
      it.each(['light', 'dark'] as const)('has nothing wider than the page, in %s colours', async (colorScheme) => {
        const page = await watch(session, { viewport, colorScheme });
        await page.expectState('Live');
        await page.expectTotals(40, 3);
        expect(await page.overflow()).toBe(0);
        await page.picture(`${device}-${colorScheme}`);

        const closed = await watch(await begin({ dashboard_access: 'host' }), { viewport, colorScheme });
        await closed.signInButton.waitFor();
        expect(await closed.overflow()).toBe(0);
        await closed.picture(`${device}-${colorScheme}-sign-in`);
      });
    });
  });
});

/** What the server has put into the page. */
function embeddedIn(html: string): unknown {
  return JSON.parse(/<script id="session" type="application\/json">(.*?)<\/script>/s.exec(html)![1]!);
}
