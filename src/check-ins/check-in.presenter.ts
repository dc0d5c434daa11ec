import { IsBoolean, IsISO8601, IsString, IsUUID } from 'class-validator';
import { Nullable } from '../common/shape.validators.js';
import type { CheckInState } from '../realtime/events.js';

/** An attempt to check in as REST shows it, which is as the dashboard does (`flat-and-dashboard.md`). */
export class CheckInBody {
  @IsISO8601()
  checkin_time: string;

  @IsString()
  message: string;

  @Nullable()
  @IsString()
  profile_url: string | null;

  @IsUUID()
  session_id: string;

  @IsBoolean()
  success: boolean;

  @IsUUID()
  user_id: string;

  @IsString()
  user_name: string;
}

export function presentCheckIn(checkIn: CheckInState): CheckInBody {
  return {
    checkin_time: checkIn.checkinTime,
    message: checkIn.message,
    profile_url: checkIn.profileUrl,
    session_id: checkIn.sessionId,
    success: checkIn.success,
    user_id: checkIn.userId,
    user_name: checkIn.userName,
  };
}
