import type { FastifyReply, FastifyRequest } from 'fastify';

/** What every answer carries: how browsers are to treat it, and the id by which it is found in the logs. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-request-id': request.id,
  });
}

/**
 * What our own pages may do: run their files and speak to their own server, over HTTP and WebSocket (`'self'` covers both),
 * and nothing else. They are asked for anew each time (by ETag), so that an upgrade shows at once.
 */
export const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-cache',
};
