import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import { invalid } from '../errors.js';
import type { Selective } from '../selective.js';

/** Levels of a body; no route takes more than three, and the libraries that walk it recurse. */
const DEEPEST = 20;

/** Checks what a request carries against its DTO: unknown keys are passed over, what is wrong is listed field by field. */
@Injectable()
export class RequestValidationPipe extends ValidationPipe implements Selective {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => invalid(this.flattenValidationErrors(errors)),
    });
  }

  /** Frames have a pipe of their own. */
  isFor(): boolean {
    return false;
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') assertBody(value);
    return (await super.transform(value, metadata)) as unknown;
  }
}

function assertBody(body: unknown): void {
  if (body === undefined || body === null) return; // validated as if it were empty
  if (typeof body !== 'object' || Array.isArray(body)) throw invalid('The body must be a JSON object');
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw invalid('The body is nested too deeply');
    level = level.flatMap((value) => Object.values(value as object)).filter((value) => value instanceof Object);
  }
}
