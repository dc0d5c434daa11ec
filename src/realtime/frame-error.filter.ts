import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { WsException } from '@nestjs/websockets';
import { forbidden } from '../common/errors.js';
import type { ClientFrame, Connection, Reply } from './connection.js';

/** Tells a frame's sender, and nobody else, why it was refused. */
@Catch()
export class FrameErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const context = host.switchToWs();
    // The framework's own exception comes from guards: what it stands for is that the user may not.
    const refusal = error instanceof WsException ? forbidden() : error;
    const reply = host.getArgByIndex<Reply | undefined>(2);
    context.getClient<Connection>().reject(refusal, context.getData<ClientFrame>(), reply);
  }
}
