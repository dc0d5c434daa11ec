import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../src/testing/application.js';
import { PASSWORD, Person } from '../../src/testing/person.js';
import { Rest } from '../../src/testing/rest.js';
import type { Socket } from '../../src/testing/socket.js';
import { expectToSee } from './console.page.js';
import { useConsole } from './console.stage.js';

describe('The web console', () => {
  const stage = useConsole();
  const { open, someone, newEmail } = stage;

  describe('as a page', () => {
    it('may run its own files only, and is asked for anew each time', async () => {
      const response = await request(stage.server.url)
        .get('/')
        .expect(200)
        .expect('content-security-policy', /^default-src 'none'; script-src 'self'; style-src 'self'; /)
        .expect('content-security-policy', /; require-trusted-types-for 'script'$/)
        .expect('cache-control', 'no-cache');
      await request(stage.server.url).get('/').set('if-none-match', response.headers['etag']!).expect(304);
    });

    it('has scripts and styles that are never asked for twice, since a new one has a new name', async () => {
      const { text } = await request(stage.server.url).get('/').expect(200);
      const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!);
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) {
        expect(file).toMatch(/-[\w-]{8}\.(js|css)$/);
        await request(stage.server.url)
          .get(file)
          .expect(200)
          .expect('cache-control', /max-age=31536000, immutable/);
      }
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    });

    it('leaves unknown addresses to the API', async () => {
      const response = await request(stage.server.url).get('/nothing-here.js').expect(404);
      expect(response.body).toMatchObject({ statusCode: 404 });
    });
  });

  describe('account', () => {
    it('keeps someone signed in when the page is loaded again, until they sign out', async () => {
      const page = await someone('Ada');
      await page.page.reload();
      await expectToSee(page.accounts.getByText('Ada', { exact: true }));
      await page.button('Sign out Ada').click();
      await expectToSee(page.button('Sign in'));
      await page.page.reload();
      await expectToSee(page.button('Sign in'));
    });

    it('says beside the form why it cannot sign someone in', async () => {
      const page = await open();
      await page.page.getByLabel('E-mail').fill('nobody@example.com');
      await page.page.getByLabel('Password').fill('not the password');
      await page.page.keyboard.press('Enter');
      const refusal = page.accounts.getByRole('alert');
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
    const pane = page.pane(1);
    await pane.connect('channels');
    await page.openConversation('speaks-channels');
    await pane.enter('Join');
    await expectToSee(pane.frames('sent', 'join_channel'));
    await expectToSee(pane.frames('received', 'channel_joined'));

    await pane.send('hello, channels');
    await expectToSee(pane.frames('received', /"new_message".*hello, channels/));
    await expectToSee(pane.messages.getByText('hello, channels'));

    const pongs = pane.frames('received', '"pong"');
    await expectToSee(pongs.first()); // it has pinged by itself
    await pane.button('Ping').click();
    await expectToSee(pongs.nth(1));

    await page.view('Statistics');
    await expectToSee(page.statistics.getByText('speaks-channels'));
    await page.view('Talk');

    await pane.button('Leave').click();
    await expectToSee(pane.frames('received', 'channel_left'));
    expect(await pane.region.getByRole('radio', { name: 'Socket' }).isDisabled()).toBe(true);
    await expectToSee(pane.composer.getByText('channels has no frame for it'));
  });

  it('speaks tribe: subscribes, hears what others send, pings and unsubscribes', async () => {
    const [page, other] = await Promise.all([someone('Edsger'), someone('Tony')]);
    const pane = page.pane(1);
    await pane.connect('tribe');
    await expectToSee(pane.frames('received', '"connected"'));
    await page.openConversation('speaks-tribe');
    await pane.enter('Subscribe');
    await expectToSee(pane.frames('received', '"subscribed"'));

    await other.openConversation('speaks-tribe');
    await other.pane(1).send('hello, tribe');
    await expectToSee(pane.frames('received', /"message\.new".*hello, tribe/));
    await expectToSee(pane.messages.filter({ hasText: 'Tony' }).getByText('hello, tribe'));

    await pane.button('Ping').click();
    await expectToSee(pane.frames('received', '"pong"').nth(1));

    await pane.button('Unsubscribe').click();
    await expectToSee(pane.button('Subscribe').and(page.page.locator(':enabled')));
  });

  it('speaks flat: takes part, and sends over the socket', async () => {
    const founder = await Person.register(stage.server);
    await founder.rest.post('/channels', { slug: 'speaks-flat' }).expect(201);
    const page = await someone('Donald');
    const pane = page.pane(1);
    await pane.connect('flat');
    await page.openConversation('speaks-flat');
    await pane.enter('Take part');

    await pane.send('hello over the socket', 'Socket');
    await expectToSee(pane.frames('sent', /"content": "hello over the socket"/));
    await expectToSee(pane.messages.getByText('hello over the socket'));

    await pane.send('hello over REST', 'REST');
    await expectToSee(pane.frames('received', /"sender_id".*hello over REST/));

    expect(await pane.button('Ping').count()).toBe(0);
    await pane.button('Leave').click();
    await expectToSee(pane.button('Take part').and(page.page.locator(':enabled')));
  });

  it('lets people hear each other in one channel, each in a dialect of their own', async () => {
    const [ada, alan] = await Promise.all([someone('Ada'), someone('Alan')]);
    await ada.pane(1).connect('channels');
    await ada.openConversation('crossing');
    await ada.pane(1).enter('Join');
    await alan.pane(1).connect('flat');
    await alan.openConversation('crossing');
    await alan.pane(1).enter('Take part');

    await alan.pane(1).send('from flat', 'Socket');
    await expectToSee(ada.pane(1).messages.filter({ hasText: 'Alan' }).getByText('from flat'));
    await expectToSee(ada.pane(1).frames('received', /"new_message".*from flat/));

    await ada.pane(1).send('from channels');
    await expectToSee(alan.pane(1).messages.filter({ hasText: 'Ada' }).getByText('from channels'));
    await expectToSee(alan.pane(1).frames('received', /"sender_id".*from channels/));
  });

  it('keeps the focus where the work is, for those who use the keyboard', async () => {
    const page = await someone('Hedy');
    const pane = page.pane(1);
    const expectFocus = (name: string): Promise<void> =>
      expectToSee(pane.button(name).and(page.page.locator(':focus')));
    await page.openConversation('keyboard');

    await pane.button('Connect').press('Enter');
    await expectFocus('Disconnect');
    await expectToSee(pane.state.getByText('Connected'));
    await pane.button('Join').press('Enter');
    await expectFocus('Leave');
    await page.page.keyboard.press('Enter');
    await expectToSee(pane.frames('received', 'channel_left'));
    await expectFocus('Join');
    await pane.button('Disconnect').press('Enter');
    await expectFocus('Connect');
  });

  it('shows what people write as text, never as HTML', async () => {
    const page = await someone('<s>Mallory</s>');
    const pane = page.pane(1);
    await pane.connect('channels');
    await page.openConversation('markup');
    await pane.enter('Join');
    const markup = `<img src=x onerror="document.title='owned'">`;
    await pane.send(markup);
    await expectToSee(pane.messages.getByText(markup));
    await pane.frames('received', 'new_message').locator('summary').click();
    await expectToSee(pane.frames('received', 'new_message').locator('pre').getByText('onerror'));
    expect(await page.page.locator('main img').count()).toBe(0);
    expect(await page.page.title()).toBe('Parlance console');
  });

  it('says beside the message why it was not sent', async () => {
    const page = await someone('Margaret');
    const pane = page.pane(1);
    await page.openConversation('too-long');
    await pane.send('x'.repeat(4001));
    await expectToSee(pane.composer.getByRole('alert').getByText('4000'));

    await pane.connect('flat');
    await pane.send('x'.repeat(4001), 'Socket');
    await expectToSee(pane.frames('received', '"error"'));
    await expectToSee(pane.composer.getByRole('alert').getByText('4000'));
  });

  it('shows the newest messages of a conversation, and older ones when asked', async () => {
    const leslie = await Person.register(stage.server);
    await leslie.rest.post('/channels', { slug: 'long' });
    for (let number = 1; number <= 40; number++) await leslie.rest.say('long', `number ${number}`);

    const page = await someone('Jeannette');
    const { messages } = page.pane(1);
    await page.openConversation('long');
    await expectToSee(messages.getByText('number 40', { exact: true }));
    expect(await messages.count()).toBe(30);
    await page.pane(1).button('Older messages').press('Enter');
    await expectToSee(messages.getByText('number 1', { exact: true }));
    expect(await messages.count()).toBe(40);
    expect(await messages.first().textContent()).toContain('number 1');
  });

  it('reads older messages as one scrolls up, and stays where the reader is', async () => {
    const margaret = await Person.register(stage.server);
    await margaret.rest.post('/channels', { slug: 'scrolled' });
    for (let number = 1; number <= 70; number++) await margaret.rest.say('scrolled', `number ${number}`);

    const page = await someone('Katherine');
    const { messages, region } = page.pane(1);
    await page.openConversation('scrolled');
    await expectToSee(messages.getByText('number 70', { exact: true }));
    await region.getByRole('log').hover();
    await page.page.mouse.wheel(0, -100_000);
    await expectToSee(messages.getByText('number 11', { exact: true }));
    const [log, read] = [region.getByRole('log'), messages.getByText('number 41', { exact: true })];
    const [window, line] = [(await log.boundingBox())!, (await read.boundingBox())!];
    expect(line.y).toBeGreaterThan(window.y - window.height);
    expect(line.y).toBeLessThan(window.y + window.height);
    await page.page.mouse.wheel(0, -100_000);
    await expectToSee(messages.getByText('number 1', { exact: true }));
    expect(await messages.count()).toBe(70);
    await page.pane(1).button('Older messages').waitFor({ state: 'hidden' });
  });

  describe('lists', () => {
    it('the channels and the conversations of the user, with what is unread, and finds them by a part of their names', async () => {
      const page = await someone('Annie');
      const other = await Person.register(stage.server, { full_name: 'Other' });
      await other.rest.post('/channels', { slug: 'list-of-others' });
      const pane = page.pane(1);
      await page.openConversation('list-of-mine');
      await pane.send('mine');
      await pane.connect('channels');
      await pane.enter('Join');
      const mine = page.conversations.getByRole('list', { name: 'Yours' }).getByRole('button');
      await expectToSee(mine.filter({ hasText: 'list-of-mine' }));

      await other.rest.say('list-of-mine', 'one');
      await other.rest.say('list-of-mine', 'two');
      await expectToSee(mine.filter({ hasText: 'list-of-mine' }).filter({ hasText: '2 unread' }));
      await expectToSee(mine.getByText('Other: two'));
      await pane.button('Mark 2 read').click();
      await mine.getByText('2 unread').waitFor({ state: 'hidden' });

      const open = page.conversations.getByRole('list', { name: 'Open channels' }).getByRole('button');
      await expectToSee(open.filter({ hasText: 'list-of-others' }));
      await page.page.getByRole('searchbox', { name: 'Channel' }).fill('of-m');
      await open.filter({ hasText: 'list-of-others' }).waitFor({ state: 'hidden' });
      await page.page.getByRole('searchbox', { name: 'Channel' }).fill('of-o');
      await open.filter({ hasText: 'list-of-others' }).click();
      await expectToSee(page.page.getByRole('heading', { name: 'list-of-others' }));
    });

    it('people, with whom a conversation is started', async () => {
      const grace = await Person.register(stage.server, { full_name: 'Grace Murray Hopper' });
      const page = await someone('Howard');
      await page.page.getByText('New conversation').click();
      await page.page.getByRole('searchbox', { name: 'People' }).fill('Grace Mur');
      await page.page.getByRole('checkbox', { name: 'Grace Murray Hopper' }).check();
      await page.button('Start a conversation').click();
      await expectToSee(page.page.getByRole('heading', { name: 'Grace Murray Hopper' }));
      await page.pane(1).send('hello, Grace');
      const { body } = await grace.rest.get('/conversations').expect(200);
      expect(body.data[0]).toMatchObject({ kind: 'direct', last_message: { content: 'hello, Grace' } });
    });
  });

  it('shows the check-ins of an event session, to its host and to anyone', async () => {
    const page = await someone('Guest');
    await page.register(newEmail(), 'Hanna Host', 'host');
    await page.view('Check-ins');
    await page.page.getByLabel('Title').fill('<b>Opening</b>');
    await page.button('Begin a session').click();
    const watch = page.page.getByRole('region', { name: '<b>Opening</b>' });
    await watch.getByLabel('Watch as').selectOption('as nobody');
    await watch.getByRole('button', { name: 'Watch' }).click();
    await expectToSee(watch.getByRole('status').getByText('Connected'));
    await watch.getByRole('button', { name: 'Guest' }).click();
    await expectToSee(watch.getByRole('listitem').filter({ hasText: 'Guest' }));
    await watch.getByRole('button', { name: 'Guest' }).click();
    await expectToSee(watch.getByRole('alert').getByText('Already checked in'));
    await expectToSee(watch.getByRole('listitem').filter({ hasText: 'Already checked in' }));
    await expectToSee(watch.getByText('only the host is told more'));
    await expectToSee(page.page.getByRole('region', { name: 'Frames of the session' }).getByText('check_in').nth(1));

    await watch.getByRole('button', { name: 'Disconnect' }).click();
    await watch.getByLabel('Watch as').selectOption('as Hanna Host');
    await watch.getByRole('button', { name: 'Watch' }).click();
    await expectToSee(watch.getByRole('img', { name: /^Check-ins a minute: checked in \d now, at most 1$/ }));
    await watch.getByText('only the host is told more').waitFor({ state: 'hidden' });
    expect(await watch.getByRole('definition').allTextContents()).toEqual(['1', '1']);
  });

  it('draws what goes on, and says it in words', async () => {
    const page = await someone('Florence');
    await page.openConversation('drawn');
    await page.pane(1).connect('channels');
    await page.pane(1).enter('Join');
    await page.view('Statistics');
    await expectToSee(page.statistics.getByRole('img', { name: /^Connected clients: channels [1-9]/ }));
    await expectToSee(page.statistics.getByRole('img', { name: /^Frames a second: in \d+ now, at most [1-9]/ }));
    await expectToSee(page.statistics.getByRole('row', { name: /^1 channels/ }).getByText(' ms'));
    await expectToSee(page.statistics.getByRole('list', { name: 'Clients by channel' }).getByText('drawn'));
  });

  describe('tells in words why a connection ended', () => {
    it('when the login ended elsewhere, and asks to sign in again', async () => {
      const page = await open();
      const token = await page.register(newEmail(), 'Niklaus');
      await page.pane(1).connect('tribe');
      await new Rest(stage.server.url, { authorization: `Bearer ${token}` }).post('/auth/logout').expect(204);
      await expectToSee(page.pane(1).state.getByText('Signed out'));
      await expectToSee(page.pane(1).state.getByText('4401'));
      await expectToSee(page.button('Sign in'));
    });

    it('when the server restarts, and offers to reconnect', async () => {
      const leaving = await startServer();
      const page = await open(leaving.url);
      await page.register(newEmail(), 'Radia');
      await page.pane(1).connect('channels');
      await leaving.close();
      await expectToSee(page.pane(1).frames('note', 'The server is restarting').first());
      await expectToSee(page.pane(1).button('Reconnect').and(page.page.locator(':enabled')));
    }, 60_000);
  });

  describe('at a glance', () => {
    let ada: Person;
    const crowd: Socket[] = [];

    beforeAll(async () => {
      ada = await Person.register(stage.server, { full_name: 'Ada Lovelace' });
      const charles = await Person.register(stage.server, { full_name: 'Charles Babbage' });
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
        const page = await open(stage.server.url, { viewport, colorScheme });
        await expectToSee(page.button('Sign in'));
        expect(await page.overflow()).toBe(0);
        await page.picture(`${device}-${colorScheme}-signed-out`);

        await page.signIn(ada.user.email, PASSWORD);
        await page.openConversation('general');
        await page.show(1);
        const pane = page.pane(1);
        await pane.connect('channels');
        await pane.enter('Join');
        const greeting = `I am here on a ${device}, in the ${colorScheme}.`;
        await pane.send(greeting);
        await expectToSee(pane.messages.getByText(greeting));
        await pane.frames('received', greeting).locator('summary').click();
        expect(await page.overflow()).toBe(0);
        await page.picture(`${device}-${colorScheme}-connected`);

        await page.view('Statistics');
        await expectToSee(page.statistics.getByText('3', { exact: true }).first());
        expect(await page.overflow()).toBe(0);
        await page.picture(`${device}-${colorScheme}-statistics`);
      });
    });
  });
});
