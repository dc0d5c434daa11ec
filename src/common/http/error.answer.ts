import { HttpException, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { toDomainError } from '../errors.js';

/**
 * Answers an error, wherever it arose, in the one form that errors have: `{statusCode, error, message}`, where `message` is
 * a sentence or a list of them. What is our fault is logged, and not told.
 */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, body } = answerTo(error);
  if (statusCode >= 500) request.log.error({ err: error }, 'request failed');
  if (reply.sent || reply.raw.headersSent) return;
  setAdvice(reply, statusCode);
  void reply.code(statusCode).send(body);
}

interface Answer {
  readonly statusCode: number;
  readonly body: object;
}

function answerTo(error: unknown): Answer {
  if (error instanceof HttpException) return answerToHttp(error);
  if (isClientError(error)) return answer(error.statusCode, error.message);
  const refusal = toDomainError(error);
  return answer(refusal.status, refusal.detail);
}

/** The framework's own refusals; ours are `DomainError`s. */
function answerToHttp(exception: HttpException): Answer {
  const statusCode = exception.getStatus();
  // The framework's text repeats the address that nothing answers to, and with it a token in its query string.
  if (exception instanceof NotFoundException) return answer(statusCode, 'There is nothing at this address');
  const body = exception.getResponse();
  const isReport = typeof body === 'object' && !('statusCode' in body); // of a health check
  return isReport ? { statusCode, body } : answer(statusCode, exception.message);
}

/** What the HTTP server says of a request that it could not read. */
function isClientError(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
}

function answer(statusCode: number, message: string | readonly string[]): Answer {
  return { statusCode, body: { statusCode, error: STATUS_CODES[statusCode] ?? 'Error', message } };
}

/** What the client may do about it (RFC 9110, 11.6.1 and 10.2.3); a handler that knows better has set it. */
function setAdvice(reply: FastifyReply, statusCode: number): void {
  if (statusCode === 401) reply.header('www-authenticate', 'Bearer');
  if ((statusCode === 429 || statusCode === 503) && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
}
