import { applyDecorators, SetMetadata, UseFilters, UsePipes } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { Dialect } from '../dialects/dialect.js';
import { FrameErrorFilter } from './frame-error.filter.js';
import { FramePipe } from './frame.pipe.js';

export const DIALECT = 'parlance:dialect';

/**
 * Declares the gateway that serves a dialect. Its handlers (`@SubscribeMessage`) take a validated frame; what they answer
 * goes to the sender, and what they throw is told in the dialect's own form.
 */
export function DialectGateway(dialect: Dialect): ClassDecorator {
  return applyDecorators(
    WebSocketGateway({ path: dialect.path, namespace: dialect.name }),
    SetMetadata(DIALECT, dialect),
    UsePipes(FramePipe),
    UseFilters(FrameErrorFilter),
  );
}
