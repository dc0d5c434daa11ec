import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CloseCode } from '../../src/realtime/close-codes.js';
import { Connections } from '../../src/realtime/connections.js';
import { Person } from '../../src/testing/person.js';
import { type ConsolePage, expectToSee, type PanePage } from './console.page.js';
import { useConsole } from './console.stage.js';

describe("The console's panes", () => {
  const stage = useConsole();

  /** A page with two users, who are in a channel in a pane each: the first in `channels`, the second in `flat`. */
  async function two(
    channel: string,
    prepare?: (page: ConsolePage) => Promise<void>,
  ): Promise<{ page: ConsolePage; ada: PanePage; alan: PanePage }> {
    const page = await stage.open();
    await prepare?.(page);
    await page.register(stage.newEmail(), 'Ada');
    await page.register(stage.newEmail(), 'Alan');
    const [ada, alan] = [page.pane(1), page.pane(2)];
    await alan.become('Alan');
    await alan.speak('flat');
    await page.openConversation(channel);
    await page.button('Connect all').click();
    for (const pane of [ada, alan]) await expectToSee(pane.listening);
    return { page, ada, alan };
  }

  describe('side by side', () => {
    it('are users of their own in one conversation, and show by which frame each heard a message', async () => {
      const { ada, alan } = await two('side-by-side');
      await alan.send('from flat', 'Socket');
      await expectToSee(ada.message('from flat').getByRole('button', { name: 'heard as new_message' }));
      await expectToSee(alan.message('from flat').getByRole('button', { name: 'heard as ack' }));
      await ada.send('from channels');
      await expectToSee(ada.message('from channels').getByRole('button', { name: 'heard as new_message' }));
      await expectToSee(alan.message('from channels').getByRole('button', { name: 'heard as message' }));
    });

    it('lead from a message to the frame that told of it', async () => {
      const { ada, alan } = await two('leading');
      await alan.send('look at me', 'Socket');
      await ada.message('look at me').getByRole('button', { name: 'heard as new_message' }).press('Enter');
      const frame = ada.frames('received', 'look at me');
      await expectToSee(frame.locator('pre').getByText('"look at me"'));
      await expectToSee(frame.locator('summary:focus'));
    });

    it('speak socketio, tribe and pets too, and show who types', async () => {
      const { page, ada, alan } = await two('more');
      await ada.speak('socketio');
      await ada.connect();
      await ada.enter('Join');
      await alan.speak('tribe');
      await alan.connect();
      await alan.enter('Subscribe');
      await page.button('Add a pane').click();
      const third = page.pane(3);
      await third.become('Alan');
      await third.speak('pets');
      await third.connect();
      await expectToSee(third.listening); // as Alan, who takes part

      await ada.send('over Socket.IO', 'Socket');
      await expectToSee(alan.message('over Socket.IO').getByText('message.new'));
      await expectToSee(third.message('over Socket.IO').getByText('message_sent'));
      await third.send('over pets', 'Socket');
      await expectToSee(ada.message('over pets').getByText('new_message'));

      await alan.type('so');
      await expectToSee(ada.region.getByText('Alan typing'));
      await ada.type('well');
      await expectToSee(alan.region.getByText('Ada typing'));
      await third.button('Unsubscribe').click();
      await third.enter('Subscribe');
    });

    it('show what status people announce', async () => {
      const { ada, alan } = await two('statuses');
      for (const pane of [ada, alan]) {
        await pane.connect('tribe');
        await pane.enter('Subscribe');
      }
      await alan.region.getByLabel('Announce a status').selectOption('away');
      await expectToSee(ada.region.getByText('Alan: away'));
    });

    it('tell of edits and deletes, and of who has read a message', async () => {
      const { ada, alan } = await two('changing');
      await ada.send('a first thougt');
      await expectToSee(alan.message('a first thougt'));
      await ada.message('a first thougt').hover();
      await ada.message('a first thougt').getByRole('button', { name: 'Edit' }).click();
      await ada.region.getByRole('textbox', { name: 'Edit the message' }).fill('a second thought');
      await ada.button('Save').click();
      await expectToSee(alan.message('a second thought').getByText('edited'));

      await alan.button('Mark 1 read').click();
      await expectToSee(alan.button('All read'));
      await ada.send('did you?');
      await expectToSee(ada.message('a second thought').getByText('read by 1'));

      await ada.message('did you?').hover();
      await ada.message('did you?').getByRole('button', { name: 'Delete' }).click();
      await expectToSee(alan.messages.getByText('Message deleted'));
    });

    it('go to another conversation together, and still hear the one before', async () => {
      const { page, ada, alan } = await two('before');
      await page.openConversation('after');
      await page.button('Connect all').click();
      for (const pane of [ada, alan]) await expectToSee(pane.listening);
      await alan.send('here now', 'Socket');
      await expectToSee(ada.message('here now').getByText('new_message'));

      await page.openConversation('before');
      for (const pane of [ada, alan]) await expectToSee(pane.listening);
      await alan.send('and back', 'Socket');
      await expectToSee(ada.message('and back').getByText('new_message'));
      expect(await ada.frames('sent', 'join_channel').count()).toBe(2);
    });

    it('are kept with their users when the page is loaded again', async () => {
      const { page, ada, alan } = await two('kept');
      await page.page.reload();
      await expectToSee(page.page.getByRole('heading', { name: 'kept' }));
      await expectToSee(alan.button('Connect').and(page.page.locator(':enabled')));
      expect(await alan.region.getByLabel('User').locator('option:checked').textContent()).toBe('Alan');
      expect(await alan.region.getByLabel('Dialect').inputValue()).toBe('flat');
      expect(await ada.region.getByLabel('User').locator('option:checked').textContent()).toBe('Ada');
    });
  });

  describe('have a log of frames', () => {
    it('of which one is edited and sent again', async () => {
      const { page, ada, alan } = await two('replayed');
      await alan.send('once', 'Socket');
      await alan.frames('sent', '"once"').locator('summary').click();
      await alan.button('Send again …').click();
      const editor = page.page.getByRole('dialog', { name: 'Send a frame' });
      const text = await editor.getByRole('textbox', { name: 'Frame' }).inputValue();
      const frame = { ...(JSON.parse(text) as object), content: 'twice', client_message_id: 'another' };
      await editor.getByRole('textbox', { name: 'Frame' }).fill(JSON.stringify(frame, null, 2));
      await editor.getByRole('button', { name: 'Send the frame' }).click();
      await editor.waitFor({ state: 'hidden' });
      await expectToSee(alan.frames('sent', '"twice"'));
      await expectToSee(ada.message('twice'));
    });

    it('in which the server says what it thinks of a text that is no frame', async () => {
      const { page, alan } = await two('no-frame');
      await alan.button('Send …').click();
      await page.page.getByRole('textbox', { name: 'Frame' }).fill('{not json');
      await page.button('Send the frame').click();
      await expectToSee(alan.frames('sent', '{not json'));
      await expectToSee(alan.frames('received', '"error"'));
      await expectToSee(alan.region.getByRole('alert'));
    });

    it('that is filtered by text, direction and type, and held still', async () => {
      const { ada, alan } = await two('filtered');
      await alan.send('a needle', 'Socket');
      await expectToSee(ada.frames('received', 'a needle'));
      const log = ada.frameLog;
      await log.getByLabel('Filter by text').fill('NEEDLE');
      await log.getByText('join_channel').first().waitFor({ state: 'hidden' });
      expect(await ada.frames('received', 'a needle').count()).toBe(1);
      await log.getByLabel('Filter by text').fill('');
      await log.getByLabel('Filter by direction').selectOption('out');
      await ada.frames('received', 'a needle').waitFor({ state: 'hidden' });
      await expectToSee(ada.frames('sent', 'join_channel'));
      await log.getByLabel('Filter by direction').selectOption('');
      await log.getByLabel('Filter by type').selectOption('channel_joined');
      await ada.frames('sent', 'join_channel').waitFor({ state: 'hidden' });
      await expectToSee(ada.frames('received', 'channel_joined'));
      await log.getByLabel('Filter by type').selectOption('');

      await log.getByRole('button', { name: 'Pause' }).click();
      await alan.send('while it is held', 'Socket');
      await expectToSee(log.getByRole('button', { name: 'more)' }));
      expect(await ada.frames('received', 'while it is held').count()).toBe(0);
      await log.getByRole('button', { name: 'Pause' }).click();
      await expectToSee(ada.frames('received', 'while it is held'));

      await log.getByRole('button', { name: 'Clear' }).click();
      await expectToSee(ada.region.getByText('What goes over the socket shows here.'));
    });

    it('that is kept as a file, a frame on each line', async () => {
      const { page, alan } = await two('exported');
      await alan.send('to be kept', 'Socket');
      await expectToSee(alan.frames('received', '"ack"'));
      const download = page.page.waitForEvent('download');
      await alan.frameLog.getByRole('button', { name: 'Export' }).click();
      const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
      const entries = lines.map((line) => JSON.parse(line) as { direction: string; name: string; frame?: object });
      expect(entries).toContainEqual(
        expect.objectContaining({
          direction: 'out',
          name: 'message',
          frame: expect.objectContaining({ content: 'to be kept' }) as object,
        }),
      );
    });
  });

  describe('when the line is cut', () => {
    const cut = (): void => {
      for (const connection of stage.server.app.get(Connections)) connection.close(CloseCode.RESTARTING, 'restarting');
    };

    it('come back by themselves, and resume where they were', async () => {
      const { page, ada } = await two('resumed', (opened) => opened.page.clock.install());
      const other = await Person.register(stage.server);
      await other.rest.say('resumed', 'before');
      await expectToSee(ada.frames('received', 'before'));

      await page.page.clock.pauseAt(Date.now() + 10_000); // nobody comes back yet
      cut();
      await other.rest.say('resumed', 'missed one');
      await other.rest.say('resumed', 'missed two');
      await page.page.clock.resume();
      await expectToSee(ada.state.getByText('2 missed'));
      await expectToSee(ada.frames('received', /"new_message".*missed two/));
      await expectToSee(ada.message('missed two').getByText('new_message'));
      await expectToSee(ada.listening);
    });

    it('read by REST what was missed, where they did not ask for resuming', async () => {
      const page = await stage.someone('Ada');
      const pane = page.pane(1);
      await page.openConversation('plain');
      await pane.region.locator('summary').first().click();
      await pane.region.getByRole('checkbox', { name: 'resuming' }).uncheck();
      await pane.connect();
      await pane.enter('Join');
      expect(await pane.region.getByText('?ext=').count()).toBe(0);
      cut();
      await expectToSee(pane.state.getByText('was read by REST'));
      await expectToSee(pane.listening);
      expect(await pane.frames('received', '"offset"').count()).toBe(0);
    });
  });

  it('come and go, and leave the focus where the work is', async () => {
    const page = await stage.someone('Ada');
    await page.button('Add a pane').click();
    await expectToSee(page.pane(3).region);
    expect(await page.pane(3).region.getByLabel('Dialect').inputValue()).toBe('flat'); // which none spoke yet
    await page.pane(3).button('Remove this pane').press('Enter');
    await page.pane(3).region.waitFor({ state: 'detached' });
    await expectToSee(page.button('Add a pane').and(page.page.locator(':focus')));
  });

  it('show how long answers take', async () => {
    const { ada } = await two('latency');
    await expectToSee(ada.region.getByRole('img', { name: /^Round trips: the last one took [\d.]+ ms$/ }));
  });

  it('are worked with by keyboard alone', async () => {
    const page = await stage.open();
    const { keyboard } = page.page;
    /** Tab by tab, until what is named has the focus. */
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 80; presses++) {
        await keyboard.press('Tab');
        const focused = await page.page.evaluate<string>(FOCUSED);
        if (name.test(focused)) return;
      }
      throw new Error(`nothing called ${String(name)} is reached`);
    };
    await expectToSee(page.button('Sign in'));
    await tabTo(/^Sign in$/);
    await keyboard.press('ArrowRight');
    await tabTo(/^E-mail/);
    await keyboard.type(stage.newEmail());
    await tabTo(/^Password/);
    await keyboard.type('correct horse battery');
    await keyboard.press('Enter');
    await expectToSee(page.button('Add an account'));
    await tabTo(/^Channel, number or uuid$/);
    await keyboard.type('by-keyboard');
    await keyboard.press('Enter');
    await expectToSee(page.page.getByRole('heading', { name: 'by-keyboard' }));
    await tabTo(/^Connect all$/);
    await keyboard.press('Enter');
    await expectToSee(page.pane(1).listening);
    await tabTo(/^Message$/);
    await keyboard.type('no mouse');
    await keyboard.press('Enter');
    await expectToSee(page.pane(1).message('no mouse'));
    await tabTo(/received.*new_message/);
    await keyboard.press('Enter');
    await expectToSee(page.pane(1).button('Use as a draft …'));
    await tabTo(/^Use as a draft/);
    await keyboard.press('Enter');
    await expectToSee(page.page.getByRole('dialog', { name: 'Send a frame' }));
    await keyboard.press('Escape');
    await page.page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('are seen one at a time on a phone, and fit', async () => {
    const page = await stage.someone('Ada', { viewport: { width: 390, height: 844 } });
    await page.openConversation('on-a-phone');
    await expectToSee(page.pane(1).region);
    expect(await page.pane(2).region.isVisible()).toBe(false);
    await page.show(2);
    await expectToSee(page.pane(2).region);
    expect(await page.pane(1).region.isVisible()).toBe(false);
    expect(await page.overflow()).toBe(0);
  });

  it('hold any text within', async () => {
    const { page, ada, alan } = await two('any-text');
    const texts = ['x'.repeat(4000), 'مرحبا بالعالم، هذه رسالة من اليمين', '👩‍👩‍👧‍👦'.repeat(100), 'a\n\n\nb'];
    for (const text of texts) await alan.send(text, 'Socket');
    await expectToSee(ada.messages.nth(texts.length - 1));
    for (const pane of [ada, alan]) {
      const [log, bubble] = [
        await pane.region.getByRole('log').boundingBox(),
        await pane.messages.first().boundingBox(),
      ];
      expect(bubble!.width).toBeLessThan(log!.width);
    }
    expect(await page.overflow()).toBe(0);
  });
});

/** What a person is told of the element that has the focus. */
const FOCUSED = `(() => {
  const { activeElement: element } = document;
  return element.ariaLabel || element.labels?.[0]?.textContent || element.textContent;
})()`;
