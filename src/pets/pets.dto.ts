import { applyDecorators } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { IsText, Trim } from '../common/text.validator.js';

export class CreatePetDto {
  @IsPetText()
  name: string;

  @IsOptional()
  @IsPetText()
  species?: string | null;

  @IsOptional()
  @IsPetText()
  breed?: string | null;
}

function IsPetText(): PropertyDecorator {
  return applyDecorators(Trim(), IsText(1, 100));
}
