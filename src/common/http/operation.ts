import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { Class } from '../schemas.js';

/** What is answered with a status: an object of a class, a page of a list of them, nothing, or a refusal in words. */
type Answer = Class | readonly [Class] | null | string;

/**
 * Documents a route: what it does, and what it answers beyond the refusals that all routes share (`docs/openapi.ts`).
 *
 * @example `@Operation('Search for users', { 200: [UserBody] })`
 */
export function Operation(summary: string, answers: Readonly<Record<number, Answer>>): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ...Object.entries(answers).map(([status, answer]) => respond(Number(status), answer)),
  );
}

function respond(status: number, answer: Answer): MethodDecorator {
  if (answer === null) return ApiResponse({ status, description: 'Done' });
  if (typeof answer === 'string') return ApiResponse({ status, description: answer });
  if (typeof answer === 'function') return ApiResponse({ status, description: 'Done', type: answer });
  return applyDecorators(
    ApiExtraModels(answer[0]),
    ApiResponse({ status, description: 'A page', schema: pageOf(getSchemaPath(answer[0])) }),
  );
}

/** As `Page` in `common/pagination.ts`. */
function pageOf($ref: string): object {
  return {
    type: 'object',
    required: ['data', 'next_cursor'],
    properties: {
      data: { type: 'array', items: { $ref } },
      next_cursor: { type: ['string', 'null'], description: 'Null on the last page.' },
    },
  };
}
