import { Controller, Get, Module } from '@nestjs/common';
import { IsString } from 'class-validator';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Public } from '../../src/auth/access.js';
import { Operation } from '../../src/common/http/operation.js';
import { Environment } from '../../src/config/env.js';
import { text } from '../../src/config/parsers.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { Describe } from '../../src/dialects/frame.js';
import type { Connection } from '../../src/realtime/connection.js';
import { DialectGateway } from '../../src/realtime/dialect-gateway.js';
import type { DomainEvent } from '../../src/realtime/events.js';
import { Feeds } from '../../src/realtime/feeds.js';
import { EventPublisher } from '../../src/realtime/publisher.js';
import type { HandshakeHook } from '../../src/realtime/registry.js';
import { featureTopic } from '../../src/realtime/topics.js';
import { startServer, type TestServer } from '../../src/testing/application.js';
import { Person } from '../../src/testing/person.js';
import { assertPublished, takeProblems } from '../../src/testing/published.js';

class TimeBody {
  @IsString()
  time: string;
}

@Describe('What time it is.', { time: 'noon' })
class TimeFrame extends TimeBody {}

const TOPIC = featureTopic('clock');

/** Of another package: hears a topic of its own. */
const clock: Dialect = {
  name: 'clock',
  path: '/clock',
  memberships: 'ignored',
  headerAuth: false,
  frames: { about: 'The time.', in: {}, out: { time: TimeFrame } },
  recognises: () => true,
  eventOf: ({ event }) => (typeof event === 'string' ? event : undefined),
  present: (event) => ({ frame: () => ({ time: (event as unknown as TimeBody).time }) }),
  error: ({ message }) => ({ time: message }),
};

@DialectGateway(clock)
class ClockGateway implements HandshakeHook {
  constructor(private readonly feeds: Feeds) {}

  onHandshake(connection: Connection): Promise<void> {
    return this.feeds.follow(TOPIC, connection);
  }
}

@Controller('clock')
@Public()
class ClockController {
  constructor(private readonly env: Environment) {}

  @Get('right')
  @Operation('The time', { 200: TimeBody })
  right(): object {
    return { time: this.env.read('CLOCK_TIME', text, 'midnight') };
  }

  @Get('wrong')
  @Operation('The time', { 200: TimeBody })
  wrong(): object {
    return { time: 'noon', zone: 'UTC' };
  }
}

@Module({ controllers: [ClockController], providers: [ClockGateway] })
class ClockModule {}

/** As the event of a package that has it in its catalogue. */
const tick = (time: unknown): DomainEvent => ({ type: 'clock.ticked', topic: TOPIC, time }) as never;

describe('the test kit', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ CLOCK_TIME: 'noon' }, { imports: [ClockModule] });
  });
  afterAll(() => server.close());

  it('serves supertest at its address, and by the application’s own server', async () => {
    await request(server.url).get('/api/v1/clock/right').expect(200, { time: 'noon' });
    await request(server.app.getHttpServer()).get('/api/v1/clock/right').expect(200, { time: 'noon' });
  });

  it('shows what happens in a feature of another package to its dialect', async () => {
    const socket = await (await Person.register(server)).speak('clock', '/clock');
    server.app.get(EventPublisher).publish(tick('noon'));
    await socket.expectFrame({ time: 'noon' });
    await socket.expectSilence();
    await socket.close(); // it would hear what is wrong in the next test
  });

  it('tells when a server sends or answers what it does not publish, of other packages too', async () => {
    assertPublished();
    await request(server.url).get('/api/v1/clock/wrong').expect(200);
    const socket = await (await Person.register(server)).speak('clock', '/clock');
    server.app.get(EventPublisher).publish(tick(12));
    await socket.next();
    const [answered, sent] = takeProblems();
    expect(answered).toContain('GET /api/v1/clock/wrong answered 200 as is not published');
    expect(sent).toContain('clock sent what it does not publish, {"time":12}');
  });

  it('has no line to what is part of the process, and says how to have one', () => {
    expect(() => server.faults.database).toThrow('ask for `faults`, and name a server with PARLANCE_TEST_DATABASE_URL');
    expect(() => server.faults.bus).toThrow('ask for `faults`, and name a server with PARLANCE_TEST_REDIS_URL');
  });

  it.runIf(process.env.PARLANCE_TEST_DATABASE_URL)('cuts the line to the database, and mends it', async () => {
    const breakable = await startServer({}, { faults: true });
    try {
      const [ann, bob] = [await Person.register(breakable), await Person.register(breakable)];
      const conversation = await ann.rest.converse(bob);
      breakable.faults.database.cut();
      await ann.rest.post(`/conversations/${conversation}/messages`, { content: 'lost' }).expect(503);
      await breakable.faults.database.open();
      const say = () => ann.rest.say(conversation, 'heard').catch(() => undefined);
      await expect.poll(say, { timeout: 10_000 }).toBeTruthy();
    } finally {
      await breakable.close();
    }
  });
});
