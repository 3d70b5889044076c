/** The countries whose public holidays the library of opening hours knows without being told a region. */
export const holidayCountries: ReadonlySet<string> = new Set(
  (
    'AR AT AU BE BG BR BY CA CH CI CN CZ DE DK EE ES FI FR GE GG GI GR HR HU IE IM IT JE JP LT LU LV MC MD MT MX NA ' +
    'NF NL NO NZ PL PM PT RO RS RU SE SI SJ SK SM UA US VN ZA'
  ).split(' '),
);
