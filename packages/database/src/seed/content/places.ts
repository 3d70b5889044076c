/** What every location of a city shares. */
export const inAsuncion = { city: 'Asunción', countryCode: 'PY', timeZone: 'America/Asuncion' } as const;
export const inEncarnacion = { city: 'Encarnación', countryCode: 'PY', timeZone: 'America/Asuncion' } as const;
export const inCiudadDelEste = { city: 'Ciudad del Este', countryCode: 'PY', timeZone: 'America/Asuncion' } as const;
export const inBeirut = { city: 'بيروت', countryCode: 'LB', timeZone: 'Asia/Beirut' } as const;
