import { applyDecorators } from '@nestjs/common';
import { IsArray, ValidateIf, ValidateNested } from 'class-validator';
import type { Class } from './schemas.js';

/** A value or null, but always there. */
export const Nullable = (): PropertyDecorator => ValidateIf((_, value) => value !== null);

/** A key that may be missing, but is not null. */
export const MayBeMissing = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** An object of a class. */
export const IsObjectOf = (type: () => Class): PropertyDecorator => ValidateNested({ context: { type } });

/** A list of objects of a class. */
export const IsListOf = (type: () => Class): PropertyDecorator =>
  applyDecorators(IsArray(), ValidateNested({ each: true, context: { type } }));
