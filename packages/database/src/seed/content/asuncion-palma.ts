import { inAsuncion, inEncarnacion } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** The old town around Palma, Estrella and Independencia Nacional. */
export const asuncionPalma: readonly SeedBusiness[] = [
  {
    slug: 'heladeria-jasy',
    sourceLanguage: 'es',
    category: 'ice-cream',
    name: { es: 'Heladería Jasy' },
    description: {
      es: 'Helados artesanales de frutas paraguayas: guayaba, mburukuja, pakuri y dulce de leche de campo.',
      en: 'Handmade ice cream from Paraguayan fruit: guava, passion fruit, pakuri and country dulce de leche.',
      gn: 'Helado ñande yvágui: arasa, mburukuja ha pakuri.',
    },
    phone: '+595 21 555 0106',
    website: 'https://heladeriajasy.example',
    locations: [
      {
        slug: 'palma',
        latitude: -25.28134,
        longitude: -57.63657,
        street: 'Palma 532 c/ 14 de Mayo',
        ...inAsuncion,
        hours: [
          ['Mo-Th', '10:00', '21:30'],
          ['Fr-Su', '10:00', '23:30'],
        ],
      },
      {
        slug: 'carmelitas',
        latitude: -25.2844,
        longitude: -57.5739,
        street: 'Av. España c/ Malutín',
        ...inAsuncion,
        hours: [
          ['Mo-Th', '11:00', '23:00'],
          ['Fr-Su', '11:00', '00:30'],
        ],
      },
      {
        slug: 'encarnacion',
        latitude: -27.3327,
        longitude: -55.8744,
        street: 'Av. Costanera República del Paraguay, Playa San José',
        ...inEncarnacion,
        hours: [['Mo-Su', '10:00', '00:00']],
      },
    ],
    vouchers: [
      {
        slug: 'dos-cucuruchos',
        title: {
          es: 'Dos cucuruchos al precio de uno',
          en: 'Two cones for the price of one',
          gn: 'Mokõi helado peteĩ repykuére',
        },
        description: {
          es: 'Elegí dos gustos por cucurucho y compartí el segundo, o no.',
          en: 'Two flavours per cone; share the second one, or not.',
        },
        terms: { es: 'De lunes a jueves.', en: 'Monday to Thursday.' },
        redeemableHours: [['Mo-Th', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'kilo-para-llevar',
        title: {
          es: 'Kilo para llevar a ₲ 65.000',
          en: 'A kilo to take away for ₲ 65,000',
        },
        description: {
          es: 'Hasta cuatro gustos en caja térmica, para la sobremesa del domingo.',
          en: 'Up to four flavours in an insulated box, for Sunday dessert.',
        },
        terms: { es: 'No válido para delivery.', en: 'Not valid for delivery.' },
        discount: { type: 'fixed_price', amountMinor: 65000, currency: 'PYG' },
        validFrom: '2025-03-01',
        validUntil: null,
        locations: ['palma', 'carmelitas'],
      },
      {
        slug: 'copa-costanera',
        title: { es: '15% en la Copa Costanera', en: '15% off the Costanera sundae' },
        description: {
          es: 'Tres bochas, ananá asado y miel negra, para comer con los pies en la arena.',
          en: 'Three scoops, grilled pineapple and dark molasses, to eat with your feet in the sand.',
        },
        terms: { es: 'Solo en la sucursal Playa San José.', en: 'Only at the Playa San José branch.' },
        discount: { type: 'percentage', percent: 15 },
        validFrom: '2025-11-15',
        validUntil: '2030-12-31',
        locations: ['encarnacion'],
      },
      {
        slug: 'saldo-dulce',
        title: {
          es: 'Saldo dulce de ₲ 100.000 para regalar',
          en: 'A sweet ₲ 100,000 gift balance',
          gn: "Jopói he'ẽva: 100.000 guarani",
        },
        description: {
          es: 'Un verano entero de helados en un solo código.',
          en: 'A whole summer of ice cream in a single code.',
        },
        terms: {
          es: 'Se descuenta de a poco hasta agotar el saldo, en cualquier sucursal.',
          en: 'Spend it bit by bit at any branch until it runs out.',
        },
        discount: { type: 'gift_balance', amountMinor: 100000, currency: 'PYG' },
        validFrom: '2025-09-21',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'artesanias-nanduti-rape',
    sourceLanguage: 'es',
    category: 'crafts',
    name: { es: 'Artesanías Ñanduti Rape', en: 'Ñanduti Rape Crafts' },
    description: {
      es: 'Ñandutí de Itauguá, filigrana de Luque y cuero repujado, comprados directamente a las artesanas.',
      en: 'Ñandutí lace from Itauguá, filigree from Luque and tooled leather, bought directly from the makers.',
      gn: "Ñanduti, ao po'i ha opaichagua tembiapo porã.",
    },
    phone: '+595 21 555 0107',
    locations: [
      {
        slug: 'palma',
        latitude: -25.28126,
        longitude: -57.63724,
        street: 'Palma 615 c/ 14 de Mayo',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '08:30', '18:30'],
          ['Sa', '08:30', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'nanduti-con-descuento',
        title: { es: '15% en piezas de ñandutí', en: '15% off ñandutí lace', gn: 'Ñanduti 15% oñemboguejy' },
        description: {
          es: 'Caminos de mesa, abanicos y aros tejidos hilo por hilo en Itauguá.',
          en: 'Table runners, fans and earrings woven thread by thread in Itauguá.',
        },
        terms: { es: 'No incluye encargos a medida.', en: 'Custom orders not included.' },
        discount: { type: 'percentage', percent: 15 },
        validFrom: '2025-02-10',
        validUntil: '2030-12-31',
      },
      {
        slug: 'guampa-y-bombilla',
        title: {
          es: 'Guampa con bombilla a ₲ 85.000',
          en: 'Horn cup and bombilla for ₲ 85,000',
          gn: 'Guampa ha vombílla 85.000 guaraníme',
        },
        description: {
          es: 'Guampa de palo santo forrada en cuero, grabada con tu nombre mientras esperás.',
          en: 'Leather-bound palo santo cup, engraved with your name while you wait.',
        },
        terms: { es: 'Grabado de hasta 10 letras.', en: 'Engraving of up to 10 letters.' },
        discount: { type: 'fixed_price', amountMinor: 85000, currency: 'PYG' },
        validFrom: '2025-01-20',
        validUntil: null,
      },
      {
        slug: 'regalo-paraguayo',
        title: { es: 'Tarjeta de regalo de ₲ 150.000', en: '₲ 150,000 gift card', gn: 'Jopói: 150.000 guarani' },
        description: {
          es: 'Para quien vuelve a casa con lugar en la valija.',
          en: 'For whoever is flying home with room in the suitcase.',
        },
        terms: { es: 'Saldo utilizable en una o varias compras.', en: 'Use the balance in one or several purchases.' },
        discount: { type: 'gift_balance', amountMinor: 150000, currency: 'PYG' },
        validFrom: '2025-06-15',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'casa-mainumby',
    sourceLanguage: 'es',
    category: 'fashion',
    name: { es: 'Casa Mainumby' },
    description: {
      es: "Camisas, vestidos y manteles de ao po'i bordados a mano en Yataity del Guairá.",
      en: "Shirts, dresses and tablecloths in ao po'i, hand-embroidered in Yataity del Guairá.",
      gn: "Ao po'i oñembordáva po rupive Yataity-pe.",
    },
    phone: '+595 21 555 0109',
    locations: [
      {
        slug: 'estrella',
        latitude: -25.28257,
        longitude: -57.63601,
        street: 'Estrella 482 c/ Alberdi',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '08:00', '12:00'],
          ['Mo-Fr', '14:00', '18:30'],
          ['Sa', '08:00', '12:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'camisa-de-ao-poi',
        title: {
          es: "₲ 40.000 de descuento en camisas de ao po'i",
          en: "₲ 40,000 off ao po'i shirts",
          gn: "Kamisa ao po'i: 40.000 guarani sa'ive",
        },
        description: {
          es: 'Frescas para el calor, elegantes para el casamiento.',
          en: 'Cool enough for the heat, smart enough for a wedding.',
        },
        terms: { es: 'Desde una prenda de ₲ 200.000.', en: 'On any garment from ₲ 200,000.' },
        discount: { type: 'fixed_amount', amountMinor: 40000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'segunda-prenda',
        title: { es: '50% en la segunda prenda', en: 'Half price on your second garment' },
        description: {
          es: 'Combiná blusa y pollera, o llevá una para tu mamá.',
          en: 'Pair a blouse with a skirt, or take one for your mum.',
        },
        terms: { es: 'Se aplica a la prenda de menor valor.', en: 'Applies to the cheaper garment.' },
        discount: { type: 'percentage', percent: 50 },
        validFrom: '2025-04-15',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'calzados-pypore',
    sourceLanguage: 'es',
    category: 'shoes',
    name: { es: 'Calzados Pypore' },
    description: {
      es: 'Zapatos y alpargatas de cuero cosidos en taller propio, con media suela gratis el primer año.',
      en: 'Leather shoes and espadrilles stitched in our own workshop, with free resoling in the first year.',
    },
    phone: '+595 21 555 0110',
    locations: [
      {
        slug: 'palma',
        latitude: -25.28233,
        longitude: -57.63476,
        street: 'Palma 398 c/ Nuestra Señora de la Asunción',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '08:30', '19:00'],
          ['Sa', '08:30', '14:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'alpargatas',
        title: { es: 'Alpargatas a ₲ 60.000', en: 'Espadrilles for ₲ 60,000' },
        description: {
          es: 'Lona resistente, suela de yute y ocho colores.',
          en: 'Tough canvas, jute soles and eight colours.',
        },
        terms: { es: 'Hasta agotar talles.', en: 'While sizes last.' },
        discount: { type: 'fixed_price', amountMinor: 60000, currency: 'PYG' },
        validFrom: '2025-09-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'vuelta-al-cole',
        title: {
          es: '₲ 20.000 menos en zapatos colegiales',
          en: '₲ 20,000 off school shoes',
        },
        description: { es: 'Negros, fuertes y a prueba de recreo.', en: 'Black, sturdy and playground-proof.' },
        terms: { es: 'Talles 27 al 39.' },
        discount: { type: 'fixed_amount', amountMinor: 20000, currency: 'PYG' },
        validFrom: '2026-01-15',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'barberia-san-cayetano',
    sourceLanguage: 'es',
    category: 'hair',
    name: { es: 'Barbería San Cayetano', en: 'San Cayetano Barbershop' },
    description: {
      es: 'Navaja, toalla caliente y tereré mientras esperás turno.',
      en: 'Straight razor, hot towel and tereré while you wait.',
    },
    phone: '+595 21 555 0111',
    locations: [
      {
        slug: 'haedo',
        latitude: -25.28444,
        longitude: -57.6378,
        street: 'Haedo 531 c/ Alberdi',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '09:00', '20:00'],
          ['Sa', '08:00', '18:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'corte-y-barba',
        title: {
          es: 'Corte y barba a ₲ 50.000',
          en: 'Haircut and beard for ₲ 50,000',
          gn: 'Akãrague ha tendyva ñekytĩ 50.000 guaraníme',
        },
        description: {
          es: 'Degradé, perfilado y toalla caliente en cuarenta minutos.',
          en: 'Fade, line-up and a hot towel in forty minutes.',
        },
        terms: { es: 'Con turno previo, de lunes a jueves.', en: 'By appointment, Monday to Thursday.' },
        redeemableHours: [['Mo-Th', '00:00', '24:00']],
        discount: { type: 'fixed_price', amountMinor: 50000, currency: 'PYG' },
        validFrom: '2025-01-06',
        validUntil: '2030-12-31',
      },
      {
        slug: 'papa-e-hijo',
        title: { es: 'Papá se corta, el hijo va gratis', en: 'Dad gets a cut, the kid goes free' },
        description: {
          es: 'Sábado de barbería en familia, con historietas y jugo de naranja.',
          en: 'A family Saturday at the barber, with comics and orange juice.',
        },
        terms: { es: 'Menores de 12 años, los sábados hasta las 12:00.', en: 'Under-12s, Saturdays until noon.' },
        redeemableHours: [['Sa', '00:00', '12:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-06-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'cine-teatro-kuarahy',
    sourceLanguage: 'es',
    category: 'cinema',
    name: { es: 'Cine Teatro Kuarahy' },
    description: {
      es: 'Sala recuperada de 1938 que mezcla estrenos, cine paraguayo y ciclos de autor.',
      en: 'A restored 1938 theatre mixing new releases, Paraguayan film and auteur seasons.',
    },
    phone: '+595 21 555 0112',
    website: 'https://cinekuarahy.example',
    locations: [
      {
        slug: 'estrella',
        latitude: -25.28338,
        longitude: -57.63441,
        street: '25 de Mayo 115 c/ Independencia Nacional',
        ...inAsuncion,
        hours: [
          ['Tu-Fr', '16:00', '23:30'],
          ['Sa,Su', '14:00', '00:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'miercoles-de-cine',
        title: {
          es: 'Miércoles de cine: dos entradas por una',
          en: 'Wednesday at the movies: two tickets for one',
          gn: "Ararundy: ta'ãngamýi mokõi peteĩ repykuére",
        },
        description: {
          es: 'Cualquier película en cartelera; el pochoclo corre por tu cuenta.',
          en: 'Any film on the bill; popcorn is up to you.',
        },
        terms: { es: 'Solo miércoles, no válido en preestrenos.', en: 'Wednesdays only, not valid for previews.' },
        redeemableHours: [['We', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-08',
        validUntil: '2030-12-31',
      },
      {
        slug: 'cine-paraguayo',
        title: { es: 'Ciclo de cine paraguayo: entrada a ₲ 15.000', en: 'Paraguayan film season: tickets ₲ 15,000' },
        description: {
          es: 'Directores invitados y charla después de la función.',
          en: 'Guest directors and a talk after the screening.',
        },
        terms: { es: 'Jueves a las 20:00, sujeto a capacidad.', en: 'Thursdays at 20:00, subject to capacity.' },
        redeemableHours: [['Th', '19:30', '22:00']],
        discount: { type: 'fixed_price', amountMinor: 15000, currency: 'PYG' },
        validFrom: '2025-08-01',
        validUntil: null,
      },
      {
        slug: 'festival-de-verano-2030',
        title: { es: 'Festival de verano 2030: 40% en el abono', en: 'Summer festival 2030: 40% off the pass' },
        description: {
          es: 'Diez noches de cine bajo las estrellas en el patio del teatro.',
          en: 'Ten nights of cinema under the stars in the theatre courtyard.',
        },
        terms: { es: 'Un abono por persona.', en: 'One pass per person.' },
        discount: { type: 'percentage', percent: 40 },
        validFrom: '2030-01-01',
        validUntil: '2030-12-31',
      },
    ],
  },
];
