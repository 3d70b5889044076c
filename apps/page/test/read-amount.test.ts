import { describe, expect, it } from 'vitest';
import { readAmount } from '../src/counter/amount.ts';

describe('an amount that a person typed', () => {
  it.each([
    ['12500', 'PYG', 12_500],
    ['12.500', 'PYG', 12_500],
    ['1,234,567', 'PYG', 1_234_567],
    ['12 500', 'PYG', 12_500],
    ['١٢٬٥٠٠', 'PYG', 12_500],
    ['12,5', 'EUR', 1_250],
    ['12.50', 'EUR', 1_250],
    ['1.234,56', 'EUR', 123_456],
    ['1,234.56', 'USD', 123_456],
    ['1.234', 'EUR', 123_400],
    ['١٢٫٥', 'USD', 1_250],
    ['۱۲', 'USD', 1_200],
    ['1,234', 'KWD', 1_234],
    ['0', 'PYG', 0],
  ])('%s %s', (typed, currency, minor) => {
    expect(readAmount(typed, currency)).toBe(minor);
  });

  it.each([
    ['much', 'PYG'],
    ['-5', 'PYG'],
    ['12,50', 'PYG'],
    ['1.23.4', 'EUR'],
    ['1,2345', 'EUR'],
    ['.5', 'EUR'],
    ['9'.repeat(17), 'PYG'],
  ])('%s %s is none', (typed, currency) => {
    expect(readAmount(typed, currency)).toBeNull();
  });
});
