import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { invalid } from './common/errors.js';
import { answerError } from './common/http/error.answer.js';
import { setCommonHeaders } from './common/http/headers.js';
import type { Environment } from './config/env.js';
import { HttpSettings, LogSettings } from './config/settings.js';
import { AccessLog } from './logging/access-log.js';
import { createLogger } from './logging/logger.js';
import { requestId } from './logging/request-id.js';

/** How long a client may take: what is slower is cut off, so that silence costs nothing. Milliseconds. */
export const HTTP_LIMITS = {
  /** From the connection to the end of the headers. */
  headersTimeout: 10_000,
  /** From the connection to the end of the body. */
  requestTimeout: 30_000,
  /** Between two requests. Longer than a balancer's (60 s), which would otherwise send into a connection just closed. */
  keepAliveTimeout: 65_000,
  /** How often the first two are looked at. */
  connectionsCheckingInterval: 5_000,
} as const;

/** Bytes of a request's body. */
const BODY_LIMIT = 256 * 1024;

/** The HTTP server: its limits, its log, whose forwarding headers it believes, and what every answer has. */
export class HttpAdapter extends FastifyAdapter {
  private isLeaving = false;

  constructor(env: Environment) {
    const { trustedProxies } = new HttpSettings(env);
    super({
      http: HTTP_LIMITS,
      requestTimeout: HTTP_LIMITS.requestTimeout,
      keepAliveTimeout: HTTP_LIMITS.keepAliveTimeout,
      bodyLimit: BODY_LIMIT,
      trustProxy: trustedProxies.map(([address, bits]) => `${address.toString()}/${bits}`),
      loggerInstance: createLogger(new LogSettings(env)),
      logController: new AccessLog(),
      genReqId: requestId,
      frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
        setCommonHeaders(request, reply); // no hook runs for an address that cannot be read
        answerError(invalid('The address is malformed'), request, reply);
      },
    });
    this.instance.setErrorHandler(answerError);
    // Many clients name the type of a body that they do not send: for a route that needs none, that is no error.
    const parse = this.instance.getDefaultJsonParser('error', 'error');
    this.useBodyParser('application/json', false, { bodyLimit: BODY_LIMIT }, (request, body: Buffer, done) => {
      if (body.length === 0) done(null, {});
      else void parse(request, body.toString(), done);
    });
    this.instance.addHook('onRequest', (request, reply, done) => {
      setCommonHeaders(request, reply);
      done();
    });
    // A connection that is kept for the next request would keep a server that stops from ending.
    this.instance.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.isLeaving) reply.header('connection', 'close');
      done();
    });
  }

  override beforeClose(): void {
    super.beforeClose();
    this.isLeaving = true;
  }

  /** The framework's own comes after the routes, which by then have the one above. */
  override setErrorHandler(): FastifyInstance {
    return this.instance;
  }
}
