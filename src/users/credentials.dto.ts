import { IsEmailAddress } from './email.js';
import { IsText } from '../common/text.validator.js';

/** What a new user signs in with. */
export class CredentialsDto {
  @IsEmailAddress()
  email: string;

  @IsText(8, 200)
  password: string;
}
