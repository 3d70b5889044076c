import { byId } from './dom.ts';
import type { Place } from './state.ts';
import { write } from './texts.ts';

/** Asks the browser where the person is, and says what came of it. */
export function locate(found: (place: Place) => void): void {
  const status = byId('status', HTMLElement);
  write(status, 'locate.searching');
  const fail = (reason?: GeolocationPositionError) => {
    write(status, reason?.code === 1 ? 'locate.denied' : 'locate.failed');
  };
  if (!('geolocation' in navigator)) {
    fail();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const [latitude, longitude] = [Number(coords.latitude.toFixed(5)), Number(coords.longitude.toFixed(5))];
      found({ latitude, longitude, name: null });
    },
    fail,
    { timeout: 10_000, maximumAge: 60_000 },
  );
}
