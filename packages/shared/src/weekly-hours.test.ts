import { describe, expect, it } from 'vitest';
import { weeklyHoursOf, weeklyRangesOf } from './weekly-hours.ts';

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

describe('weeklyRangesOf', () => {
  it.each([
    ['a day', { dayOfWeek: 1, opens: '08:00', closes: '18:00' }, [[480, 1_080]]],
    ['a night', { dayOfWeek: 5, opens: '20:00', closes: '02:00' }, [[6_960, 7_320]]],
    ['the end of a day', { dayOfWeek: 1, opens: '22:00', closes: '24:00' }, [[1_320, 1_440]]],
    ['midnight as the next day’s beginning', { dayOfWeek: 1, opens: '22:00', closes: '00:00' }, [[1_320, 1_440]]],
    ['a whole day', { dayOfWeek: 7, opens: '00:00', closes: '24:00' }, [[8_640, 10_080]]],
    ['a day and its night', { dayOfWeek: 2, opens: '09:00', closes: '09:00' }, [[1_980, 3_420]]],
    [
      'Sunday night, which ends on Monday',
      { dayOfWeek: 7, opens: '20:00', closes: '02:00' },
      [
        [9_840, 10_080],
        [0, 120],
      ],
    ],
  ])('reads %s', (_what, line, ranges) => {
    expect(weeklyRangesOf([line])).toEqual(ranges);
  });

  it('says again what weeklyHoursOf wrote', () => {
    const ranges = [
      [0, 120],
      [480, 1_080],
      [9_840, 10_080],
    ] as const;
    expect(weeklyRangesOf(weeklyHoursOf(ranges)).toSorted(([one], [other]) => one - other)).toEqual(ranges);
  });
});
