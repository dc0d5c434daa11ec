import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../../src/testing/person.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { SocketIoClient } from '../../src/testing/socketio.js';
import { frame, Wire } from './support/wire.js';

const ENGINE = '/socket.io/?EIO=4&transport=polling';

/** Names that objects and emitters have or keep for themselves. */
const NAMES = (
  '__proto__ constructor prototype toString valueOf hasOwnProperty __defineGetter__ then connect connect_error connection ' +
  'disconnect disconnecting newListener removeListener error close end data upgrade packet drain join leave emit $on '
).split(' ');

describe('Socket.IO', () => {
  let server: TestServer;
  let ann: Person;
  let client: SocketIoClient;
  let other: SocketIoClient;
  beforeAll(async () => {
    server = await startServer({ RATE_LIMITS: 'off' });
    ann = await Person.register(server);
    client = await open(ann);
    other = await open(await Person.register(server));
  });
  afterAll(() => server.close());

  const open = (person: Person): Promise<SocketIoClient> =>
    SocketIoClient.open(server.url, { transports: ['websocket'], auth: { token: person.token } });

  /** A websocket of Ann's, spoken by hand, that has said who it is. */
  const wire = async (): Promise<Wire> => {
    const raw = await Wire.upgrade(server.url, `/socket.io/?EIO=4&transport=websocket&token=${ann.token}`);
    raw.write(frame('40'));
    await raw.until('40{"sid":');
    return raw;
  };
  const say = (raw: Wire, packet: string): void => raw.write(frame(packet));
  const fence = async (raw: Wire): Promise<string> => {
    say(raw, '42["the fence"]');
    return raw.until('Unknown event \\"the fence\\"');
  };

  it.each(NAMES)('takes an event named %j for one that it does not know', async (name) => {
    const raw = await wire();
    for (const packet of [[name], [name, {}], [name, { __proto__: { event: 'send_message' } }], [name, name]]) {
      say(raw, `42${JSON.stringify(packet)}`);
      say(raw, `427${JSON.stringify(packet)}`);
    }
    const answers = await fence(raw);
    expect(answers.split('42["error",{"message":').slice(1, -1)).toHaveLength(8);
    expect(answers).not.toContain('Something went wrong');
    expect(answers.split('437[{"ok":false').slice(1)).toHaveLength(4);
    raw.destroy();
    expect(await other.untilFence()).toEqual([]);
  });

  it('takes what is no name of an event, and arguments of any kind, for a bad event', async () => {
    const raw = await wire();
    const packets = ['[]', '[null]', '[7]', '[{}]', '[[]]', '[true]', '{}', 'null', '"send_message"', '7', '', '['];
    for (const packet of packets) say(raw, `42${packet}`);
    for (const argument of ['null', '7', '"x"', '[]', '[[]]', '{"__proto__":null}', '{"event":"join"}', 'true']) {
      say(raw, `42["send_message",${argument}]`);
      say(raw, `42["join_conversation",${argument}]`);
    }
    const answers = await fence(raw);
    expect(answers.split('42["error",{"message":').length - 2).toBe(packets.length + 16);
    expect(answers).not.toContain('Something went wrong');
    raw.destroy();
  });

  it('takes no bytes: attachments cost an error, announced or not, and are not kept', async () => {
    client.emit('send_message', { conversationId: 1, content: Buffer.alloc(1000) });
    client.emit('send_message', Buffer.alloc(1000));
    expect((await client.untilFence()).map(([event]) => event)).toEqual(['error', 'error']);
    const raw = await wire();
    for (let sent = 0; sent < 1_000; sent++) raw.write(frame(Buffer.alloc(100), { opcode: 2 }));
    say(raw, '599-["send_message",{"_placeholder":true,"num":98}]');
    say(raw, '59999999999-["send_message",{"_placeholder":true,"num":0}]');
    say(raw, '51-["send_message",{"_placeholder":true,"num":-1}]');
    say(raw, '51-["send_message",{"_placeholder":true,"num":"__proto__"}]');
    expect(await fence(raw)).not.toContain('Something went wrong');
    raw.destroy();
  });

  it('has no namespace but one, however many are asked for', async () => {
    const raw = await wire();
    const count = 20_000;
    for (let asked = 0; asked < count; asked++) say(raw, `40/${asked},{"token":"x"}`);
    for (const name of ['__proto__', 'constructor', 'x'.repeat(10_000), '%2e', '?']) say(raw, `40/${name},`);
    const answers = await fence(raw);
    expect(answers.split('{"message":"Invalid namespace"}').length - 1).toBeGreaterThanOrEqual(count);
    raw.destroy();
    expect(await other.untilFence()).toEqual([]);
  });

  it('connects a client once, however often it asks', async () => {
    const raw = await Wire.upgrade(server.url, `/socket.io/?EIO=4&transport=websocket&token=${ann.token}`);
    for (let asked = 0; asked < 1_000; asked++) say(raw, '40');
    await raw.closeCode(); // asking again once it is connected is the end
    expect(raw.received.toString().split('40{"sid"').length - 1).toBeLessThanOrEqual(1);
    expect(await other.untilFence()).toEqual([]);
  });

  it('answers acknowledgements that nobody asked for with nothing', async () => {
    const raw = await wire();
    for (const packet of ['43[]', '430[]', '43999999999999999[1]', '46[]', '461-[]', '43', '44', '44{}', '45', '47']) {
      say(raw, packet);
    }
    expect(await fence(raw)).not.toContain('Something went wrong');
    raw.destroy();
  });

  describe('by polling', () => {
    const get = (query: string) => request(server.url).get(`/socket.io/?${query}`);
    const post = (sid: string, body: string, type = 'text/plain;charset=UTF-8') =>
      request(server.url).post(`${ENGINE}&sid=${sid}`).set('content-type', type).send(body);
    const open = async (): Promise<string> => {
      const { text } = await request(server.url).get(ENGINE).expect(200);
      return (JSON.parse(text.slice(1)) as { sid: string }).sid;
    };
    const connect = async (): Promise<string> => {
      const sid = await open();
      await post(sid, `40{"token":"${ann.token}"}`).expect(200);
      const { text } = await request(server.url).get(`${ENGINE}&sid=${sid}`).expect(200);
      expect(text).toMatch(/^40\{"sid"/);
      return sid;
    };

    it.each([
      'transport=polling',
      'EIO=3&transport=polling',
      'EIO=__proto__&transport=polling',
      'EIO=4',
      'EIO=4&transport=__proto__',
      'EIO=4&transport=constructor',
      'EIO=4&transport=webtransport',
      'EIO=4&transport=polling&sid=__proto__',
      'EIO=4&transport=polling&sid=constructor',
      'EIO=4&transport=polling&sid=unknown',
      'EIO=4&transport=websocket',
      'EIO=4&transport=polling&sid=a&sid=b',
      'EIO=4&transport=polling&transport=websocket',
    ])('refuses a request that makes no sense (%s)', async (query) => {
      const { status } = await get(query);
      expect(status).toBe(400);
    });

    it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS'])('refuses the method %s', async (method) => {
      const raw = await Wire.open(server.url);
      raw.write(`${method} ${ENGINE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      await raw.closed;
      expect(raw.received.toString()).toMatch(/^HTTP\/1\.1 (4\d\d|204) /);
    });

    it.each([
      ['what is no packet', 'nonsense'],
      ['a packet of an unknown kind', '9'],
      ['nothing', ''],
      ['ten thousand packets of nothing', '\x1e'.repeat(10_000)],
      ['bytes that are none', 'b%%%%'],
      ['an upgrade that it did not ask for', '5'],
      ['a ping, which is the server’s to send', '2'],
      ['an opening', '0{"sid":"x"}'],
      ['NULs', '4\0\0\0'],
    ])('survives a client that posts %s', async (_, body) => {
      const sid = await connect();
      const { status } = await post(sid, body);
      expect([200, 400]).toContain(status);
      expect(await other.untilFence()).toEqual([]);
    });

    it('refuses a body that is too large, and one of another type is no message', async () => {
      expect((await post(await connect(), `4${'x'.repeat(70_000)}`)).status).toBe(413);
      const octets = await post(await connect(), '42["x"]', 'application/octet-stream');
      expect(octets.status).toBe(400);
    });

    it('ends a client that polls twice at once', async () => {
      const sid = await connect();
      const polls = [0, 1].map(() => request(server.url).get(`${ENGINE}&sid=${sid}`));
      const answers = await Promise.all(polls.map(async (poll) => (await poll).status));
      expect(answers).toContain(400);
      await request(server.url).get(`${ENGINE}&sid=${sid}`).expect(400);
    });

    it('takes many packets in one body in their order, and the rest of a connection that ends in it is not looked at', async () => {
      const sid = await connect();
      const events = Array.from({ length: 500 }, (_, index) => `42["unknown ${index}"]`).join('\x1e');
      await post(sid, events).expect(200);
      let heard = '';
      while (!heard.includes('"unknown 499')) heard += (await request(server.url).get(`${ENGINE}&sid=${sid}`)).text;
      const order = [...heard.matchAll(/unknown (\d+)/g)].map(([, index]) => Number(index));
      expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index));
      await post(sid, '41\x1e42["unknown"]\x1e1').expect(200);
      expect(await other.untilFence()).toEqual([]);
    });

    it('gives a client nothing by another one’s upgrade', async () => {
      const sid = await connect();
      const raw = await Wire.open(server.url);
      raw.write('GET /socket.io/?EIO=4&transport=websocket&sid=unknown HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n');
      raw.write(
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
      await raw.closed;
      expect(raw.received.toString()).toMatch(/^HTTP\/1\.1 400 /);
      expect(await other.untilFence()).toEqual([]);
      await post(sid, '1').expect(200);
    });
  });
});
