import { describe, expect, it } from 'vitest';
import { weeklyHoursOf } from './weekly-hours.ts';

describe('weeklyHoursOf', () => {
  it('names the day and the clock', () => {
    expect(weeklyHoursOf([[480, 1_080]])).toEqual([{ dayOfWeek: 1, opens: '08:00', closes: '18:00' }]);
  });

  it('keeps a night in one line', () => {
    expect(weeklyHoursOf([[6_960, 7_320]])).toEqual([{ dayOfWeek: 5, opens: '20:00', closes: '02:00' }]);
  });

  it('joins Sunday night to Monday morning', () => {
    expect(
      weeklyHoursOf([
        [0, 120],
        [9_840, 10_080],
      ]),
    ).toEqual([{ dayOfWeek: 7, opens: '20:00', closes: '02:00' }]);
  });

  it('ends a day at 24:00', () => {
    expect(weeklyHoursOf([[1_320, 1_440]])).toEqual([{ dayOfWeek: 1, opens: '22:00', closes: '24:00' }]);
  });

  it('writes a line a day for what never closes', () => {
    const lines = weeklyHoursOf([[0, 10_080]]);
    expect(lines).toHaveLength(7);
    expect(lines[6]).toEqual({ dayOfWeek: 7, opens: '00:00', closes: '24:00' });
  });
});
