import { newId } from '../common/ids.js';
import type { Principal } from '../common/principal.js';

/** Someone who may listen without saying who it is. Each is someone else: guests share no limits and no events. */
export function newGuest(): Principal {
  return {
    id: newId(),
    number: 0,
    username: '',
    fullName: '',
    profileImageUrl: null,
    email: '',
    role: 'member',
    loginId: null,
    expiresAt: null,
    isGuest: true,
  };
}
