import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { invalid } from '../common/errors.js';
import { rememberValidationRules } from '../common/validation-rules.js';
import type { ClientFrame } from './connection.js';

rememberValidationRules();

type FrameClass = new () => object;

/** Makes a client's object into the frame that a handler declares, or refuses it. What the class does not declare is not looked at. */
@Injectable()
export class FramePipe implements PipeTransform<unknown, unknown> {
  private readonly fields = new Map<FrameClass, readonly string[]>();

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || !metatype || metatype === Object) return value;
    const frame = this.pick(metatype as FrameClass, value as ClientFrame);
    const errors = validateSync(frame, { forbidUnknownValues: false, stopAtFirstError: true });
    if (errors.length > 0) throw invalid(errors.flatMap(messagesOf));
    return frame;
  }

  /** Field by field, as declared: a key such as `__proto__` never gets near the prototype. */
  private pick(frameClass: FrameClass, value: ClientFrame): object {
    const frame = new frameClass() as Record<string, unknown>;
    for (const field of this.fieldsOf(frameClass)) {
      if (Object.hasOwn(value, field)) frame[field] = value[field];
    }
    return frame;
  }

  private fieldsOf(frameClass: FrameClass): readonly string[] {
    let fields = this.fields.get(frameClass);
    if (!fields) {
      const declared = getMetadataStorage().getTargetValidationMetadatas(frameClass, '', false, false);
      fields = [...new Set(declared.map(({ propertyName }) => propertyName))];
      this.fields.set(frameClass, fields);
    }
    return fields;
  }
}

function messagesOf({ constraints, children }: ValidationError): string[] {
  return [...Object.values(constraints ?? {}), ...(children ?? []).flatMap(messagesOf)];
}
