import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/**
 * One line a request, when it is answered: without its query string, headers and body, which may carry tokens and what
 * people say. Probes and metrics are asked for every few seconds, so they are told at `debug`.
 */
export class AccessLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(_error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request);
    const line = {
      method: request.method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (path.startsWith('/health/') || path === '/metrics') request.log.debug(line, 'request');
    else request.log.info(line, 'request');
  }

  /** Told by the error filter. */
  override defaultErrorLog(): void {}

  /** As any other request. */
  override routeNotFound(): void {}
}

/** What addresses of ours are made of: words, slugs, ids. A token is longer, an e-mail address or a sentence has other signs. */
const PLAIN = /^[\w.-]{0,36}$/;

/** The address that was asked for, without its query string and without what has no place in an address. */
function pathOf({ raw: { url = '' } }: FastifyRequest): string {
  const segments = url.split('?', 1)[0]!.split('/');
  return segments.map((segment) => (PLAIN.test(segment) ? segment : '…')).join('/');
}
