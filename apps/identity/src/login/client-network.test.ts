import { describe, expect, it } from 'vitest';
import { clientNetwork } from './client-network.ts';

describe('clientNetwork', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2::6', '2001:db8:1:2::'],
    ['2001:DB8:0001:2:ffff::', '2001:db8:1:2::'],
    ['2001:db8::', '2001:db8:0:0::'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::'],
    ['::1', '0:0:0:0::'],
    ['1::2:3:4:5:6:7', '1:0:2:3::'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
    ['', '0.0.0.0'],
    ['unknown', '0.0.0.0'],
  ])('counts %j as %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });
});
