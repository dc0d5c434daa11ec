import { CheckInBody } from '../../check-ins/check-in.presenter.js';
import { Describe, type Frames } from '../frame.js';

/** REST answers a check-in with the same (contract §4), so that there is one form of it. */
@Describe('Someone checked in, or was refused.', {
  checkin_time: '2024-01-01T12:00:00Z',
  message: 'Check-in successful',
  profile_url: null,
  session_id: '0198c5a0-7b1e-7000-8000-00000000cafe',
  success: true,
  user_id: '0198c5a0-7b1e-7000-8000-00000000beef',
  user_name: 'string',
})
export class CheckInFrame extends CheckInBody {}

export const frames: Frames = {
  about: "An event session's check-ins as they happen, for whoever may watch. What clients send is not looked at.",
  in: {},
  out: { check_in: CheckInFrame },
};
