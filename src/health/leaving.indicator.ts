import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';

/** Down from the moment the server is told to stop, so that balancers look elsewhere while it finishes. */
@Injectable()
export class LeavingIndicator {
  private isLeaving = false;

  constructor(private readonly indicators: HealthIndicatorService) {}

  leave(): void {
    this.isLeaving = true;
  }

  check(key: string): HealthIndicatorResult {
    const indicator = this.indicators.check(key);
    return this.isLeaving ? indicator.down('is stopping') : indicator.up();
  }
}
