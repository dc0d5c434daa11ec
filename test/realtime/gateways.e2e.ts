import {
  type CanActivate,
  type ExecutionContext,
  Module,
  type NestInterceptor,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConnectedSocket, MessageBody, type OnGatewayConnection, SubscribeMessage } from '@nestjs/websockets';
import { IsString } from 'class-validator';
import { map, type Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Roles } from '../../src/auth/access.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import { Describe } from '../../src/dialects/frame.js';
import type { Connection } from '../../src/realtime/connection.js';
import { DialectGateway } from '../../src/realtime/dialect-gateway.js';
import { startServer } from '../../src/testing/application.js';
import { Person } from '../../src/testing/person.js';
import type { Frame } from '../../src/testing/socket.js';

@Describe('Say something.', { event: 'say', text: 'hello' })
class SayFrame {
  @IsString() event: string;
  @IsString() text: string;
}

@Describe('What was said, or is wrong.', { said: 'hello' })
class SaidFrame {
  @IsString() said: string;
}

const dialect = (name: string): Dialect => ({
  name,
  path: `/${name}`,
  memberships: 'ignored',
  headerAuth: false,
  frames: { about: 'An echo.', in: { say: SayFrame }, out: { said: SaidFrame } },
  recognises: () => true,
  eventOf: ({ event }) => (typeof event === 'string' ? event : undefined),
  present: () => undefined,
  error: ({ message }): SaidFrame => ({ said: message }),
});

const nameOf = ({ principal }: Connection): string => principal.username;

class Patience implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getData<SayFrame>().text !== 'now';
  }
}

class Loudness implements NestInterceptor {
  intercept: NestInterceptor['intercept'] = (_, next) =>
    next.handle().pipe(map(({ said }: SaidFrame) => ({ said: said.toUpperCase() })));
}

@DialectGateway(dialect('plain'))
class PlainGateway {
  @SubscribeMessage('say')
  say(@MessageBody() { text }: SayFrame, @ConnectedSocket() connection: Connection): SaidFrame {
    return { said: `${nameOf(connection)}: ${text}` };
  }

  @SubscribeMessage('twice')
  twice(@MessageBody() { text }: SayFrame): Observable<SaidFrame> {
    return of({ said: text }, { said: text });
  }

  @SubscribeMessage('part')
  async part(@MessageBody('text') text: unknown): Promise<SaidFrame> {
    return { said: String(text) };
  }
}

@DialectGateway(dialect('guarded'))
@UseGuards(Patience)
class GuardedGateway extends PlainGateway {}

@DialectGateway(dialect('loud'))
class LoudGateway {
  @SubscribeMessage('say')
  @UseInterceptors(Loudness)
  say(@MessageBody() { text }: SayFrame): SaidFrame {
    return { said: text };
  }
}

@DialectGateway(dialect('ranked'))
class RankedGateway {
  @SubscribeMessage('say')
  @Roles('admin')
  say(@MessageBody() { text }: SayFrame): SaidFrame {
    return { said: text };
  }
}

@DialectGateway(dialect('greeting'))
class GreetingGateway extends PlainGateway implements OnGatewayConnection<Connection> {
  handleConnection(connection: Connection): void {
    connection.send({ said: 'welcome' });
  }
}

const GATEWAYS: Type[] = [PlainGateway, GuardedGateway, LoudGateway, RankedGateway, GreetingGateway];

@Module({ providers: GATEWAYS })
class EchoModule {}

@Module({ providers: [...GATEWAYS, { provide: APP_GUARD, useClass: Patience }] })
class EverywhereModule {}

/** A client of each echo of a server, and what it is answered. */
async function meet(
  module: Type,
  work: (ask: (name: string, ...frames: object[]) => Promise<Frame[]>) => Promise<void>,
) {
  const server = await startServer({}, { imports: [module] });
  try {
    const person = await Person.register(server);
    await work(async (name, ...frames) => {
      const socket = await person.speak(name, `/${name}`);
      for (const frame of frames) socket.send(frame);
      return (await socket.untilFence()).map(({ said }: Frame) => String(said).replace(person.username, 'me'));
    });
  } finally {
    await server.close();
  }
}

const say = (text: unknown): object => ({ event: 'say', text });

describe('a gateway of another package', () => {
  it('has what NestJS offers for its handlers, whether it uses it or not', async () => {
    await meet(EchoModule, async (ask) => {
      expect(await ask('plain', say('now'), say(1), { event: 'part', text: 'a part' })).toEqual([
        'me: now',
        'text must be a string',
        'a part',
      ]);
      expect(await ask('plain', { ...say('again'), event: 'twice' })).toEqual(['again', 'again']);
      expect(await ask('guarded', say('later'), say('now'), say(1))).toEqual([
        'me: later',
        'You may not do that',
        'text must be a string',
      ]);
      expect(await ask('loud', say('quietly'))).toEqual(['QUIETLY']);
      expect(await ask('ranked', say('let me in'))).toEqual(['That needs the role admin']);
      expect(await ask('greeting', say('hello'))).toEqual(['welcome', 'me: hello']);
    });
  });

  it('is behind a guard that a package provides for everything', async () => {
    await meet(EverywhereModule, async (ask) => {
      expect(await ask('plain', say('later'), say('now'))).toEqual(['me: later', 'You may not do that']);
    });
  });
});
