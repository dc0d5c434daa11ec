import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { invalid } from '../../common/errors.js';
import type { ClientFrame, Connection } from '../../realtime/connection.js';

/** Lets frames in whose envelope is whole: sent by the connection's user, with an object of parameters. */
@Injectable()
export class EnvelopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const ws = context.switchToWs();
    const { sender_id: senderId, params } = ws.getData<ClientFrame>();
    const { id } = ws.getClient<Connection>().principal;
    if (typeof senderId !== 'string' || senderId.toLowerCase() !== id) {
      throw invalid('sender_id must be the id of the user who is connected');
    }
    if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      throw invalid('params must be an object');
    }
    return true;
  }
}
