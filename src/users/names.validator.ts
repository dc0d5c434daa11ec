import { applyDecorators } from '@nestjs/common';
import { IsText, Trim } from '../common/text.validator.js';

/** What a user is called by; others may be called the same. Room for any e-mail address's local part. */
export const IsUsername = (): PropertyDecorator => applyDecorators(Trim(), IsText(1, 64));

export const IsFullName = (): PropertyDecorator => applyDecorators(Trim(), IsText(1, 200));
