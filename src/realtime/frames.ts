import { Injectable, Optional } from '@nestjs/common';
import { isObservable, type Observable } from 'rxjs';
import type { RawData } from 'ws';
import { invalid } from '../common/errors.js';
import type { Dialect, Frame } from '../dialects/dialect.js';
import { CloseCode } from './close-codes.js';
import type { ClientFrame, Connection, FrameHandler, Reply } from './connection.js';
import { OldWay } from './connection-usage.js';
import { DialectBinder } from './dialect-binder.js';
import { DialectRegistry, type Service } from './registry.js';
import { type Arrival, Tracer } from './tracer.js';

/** The one listener of each socket: turns what arrives into a call of the handler that it names. */
@Injectable()
export class Frames {
  constructor(
    private readonly registry: DialectRegistry,
    private readonly binder: DialectBinder,
    @Optional() private readonly tracer?: Tracer,
  ) {}

  /** The listener for a plain websocket's messages. */
  listener(connection: Connection): (data: RawData, isBinary: boolean) => void {
    if (connection.dialect.readOnly) return () => {};
    let isFirst = true;
    const take = (frame: ClientFrame): Promise<void> | void => {
      const settling = isFirst ? this.settleDialect(connection, frame) : undefined;
      isFirst = false;
      return settling ? settling.then(() => this.handle(connection, frame)) : this.handle(connection, frame);
    };
    return (data, isBinary) =>
      this.intake(connection, () => {
        let frame: ClientFrame | undefined;
        try {
          frame = parse(data, isBinary, connection.dialect);
          return take(frame)?.catch((error: unknown) => connection.reject(error, frame));
        } catch (error) {
          connection.reject(error, frame);
        }
      });
  }

  /** The listener for frames that a carrier has parsed; with each, where its sender waits for an answer, its reply. */
  receiver(connection: Connection): (frame: ClientFrame, reply?: Reply) => void {
    return (frame, reply) => this.intake(connection, () => this.handle(connection, frame, reply));
  }

  /** Has a connection's frames handled, in their order and at the pace that is allowed. */
  private intake(connection: Connection, handle: () => Promise<void> | void): void {
    connection.usage.received++;
    connection.meter.received++;
    connection.inbox.add(
      () =>
        connection.pace()?.then(() => handleUnlessEnded(connection, handle)) ?? handleUnlessEnded(connection, handle),
    );
  }

  /** A first frame in the shape of the path's other dialect shows which one the client speaks. */
  private settleDialect(connection: Connection, frame: ClientFrame): Promise<void> | undefined {
    const service = this.registry.correct(connection, frame);
    return service && this.takeUp(connection, service, frame);
  }

  private async takeUp(connection: Connection, service: Service, frame: ClientFrame): Promise<void> {
    connection.speak(service.dialect);
    connection.usage.note(OldWay.FIRST_FRAME);
    try {
      await connection.subscriptions.followMemberships();
      await this.binder.greet(connection, service);
    } catch (error) {
      connection.reject(error, frame);
      connection.close(CloseCode.FAILED, 'the dialect cannot be taken up, reconnect');
      throw error; // the frame is not for a gateway that could not be prepared
    }
    this.binder.bind(connection, service);
  }

  /** Never rejects. A handler that has no need to wait makes nothing wait, and costs no promise. */
  private handle(connection: Connection, frame: ClientFrame, reply?: Reply): Promise<void> | void {
    try {
      const answer = this.call(connection, frame, reply);
      if (!(answer instanceof Promise) && !isObservable(answer)) return connection.answer(answer);
      return answerLater(connection, answer).catch((error: unknown) => connection.reject(error, frame, reply));
    } catch (error) {
      connection.reject(error, frame, reply);
    }
  }

  private call(connection: Connection, frame: ClientFrame, reply?: Reply): ReturnType<FrameHandler> {
    const event = connection.dialect.eventOf(frame);
    if (event === undefined) throw invalid('The frame does not say what it is');
    const handler = connection.handlers.get(event);
    if (!handler) throw invalid(`Unknown event "${event.slice(0, 64).toWellFormed()}"`);
    connection.dialect.vet?.(frame, connection.principal);
    if (!this.tracer) return handler(connection, frame, reply);
    return this.tracer.arrive(arrivalOf(connection, event), () => handler(connection, frame, reply));
  }
}

function handleUnlessEnded(connection: Connection, handle: () => Promise<void> | void): Promise<void> | void {
  return connection.isEnded ? undefined : handle();
}

/** A handler, or an interceptor around it, may answer with one frame or with several. */
async function answerLater(connection: Connection, answer: ReturnType<FrameHandler>): Promise<void> {
  const answered = await answer;
  if (isObservable(answered)) await (answered as Observable<Frame>).forEach((frame) => connection.answer(frame));
  else connection.answer(answered);
}

function arrivalOf({ dialect }: Connection, event: string): Arrival {
  const attributes = { 'parlance.dialect': dialect.name, 'parlance.frame': event };
  return { name: `${dialect.name} ${event}`, attributes, at: performance.now() };
}

function parse(data: RawData, isBinary: boolean, dialect: Dialect): ClientFrame {
  if (isBinary) throw invalid(dialect.decode ? 'Frames are text' : 'Frames are JSON text');
  const text = (data as Buffer).toString();
  if (dialect.decode) return dialect.decode(text);
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    throw invalid('The frame is not JSON');
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) throw invalid('The frame is not an object');
  return frame as ClientFrame;
}
