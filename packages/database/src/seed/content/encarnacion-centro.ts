import { inEncarnacion } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** The upper town around Plaza de Armas, and the shopping circuit. */
export const encarnacionCentro: readonly SeedBusiness[] = [
  {
    slug: 'churrasqueria-brasas-de-itapua',
    sourceLanguage: 'es',
    category: 'grill',
    name: { es: 'Churrasquería Brasas de Itapúa' },
    description: {
      es: 'Espeto corrido con veinte cortes, buffet de ensaladas y postres de las colonias.',
      en: 'Rodizio with twenty cuts, a salad buffet and desserts from the colonies.',
    },
    phone: '+595 71 555 0106',
    locations: [
      {
        slug: 'caballero',
        latitude: -27.3269,
        longitude: -55.8689,
        street: 'Av. Caballero c/ Juan León Mallorquín',
        ...inEncarnacion,
        hours: [
          ['Mo-Su', '11:00', '15:00'],
          ['Mo-Sa', '19:00', '23:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'espeto-corrido',
        title: {
          es: 'Espeto corrido a ₲ 85.000',
          en: 'All-you-can-eat rodizio for ₲ 85,000',
        },
        description: {
          es: 'Picaña, cupim, costilla y ananá con canela sin parar.',
          en: 'Picanha, cupim, ribs and cinnamon pineapple, non-stop.',
        },
        terms: { es: 'Cenas de lunes a jueves. Bebidas aparte.', en: 'Monday to Thursday dinners. Drinks extra.' },
        redeemableHours: [['Mo-Th', '19:00', '23:30']],
        discount: { type: 'fixed_price', amountMinor: 85000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'mesa-de-diez',
        title: { es: '15% para mesas de diez o más', en: '15% off for tables of ten or more' },
        description: {
          es: 'Egresados, oficinas y familias enteras: hay lugar.',
          en: 'Graduations, offices and whole families: there is room.',
        },
        terms: { es: 'Reserva con 24 horas. Tope ₲ 150.000.', en: 'Book 24 hours ahead. Capped at ₲ 150,000.' },
        discount: { type: 'percentage', percent: 15, capMinor: 150000, currency: 'PYG' },
        validFrom: '2025-06-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'cafe-kunuu',
    sourceLanguage: 'es',
    category: 'cafe',
    name: { es: "Café Kunu'ũ" },
    description: {
      es: 'Tortas alemanas, cocido y mesas de madera frente a la Plaza de Armas.',
      en: 'German cakes, cocido and wooden tables facing Plaza de Armas.',
      gn: "Kafe, kosido ha mba'e he'ẽ plása rovái.",
    },
    phone: '+595 71 555 0107',
    locations: [
      {
        slug: 'plaza-de-armas',
        latitude: -27.3318,
        longitude: -55.8655,
        street: 'Carlos Antonio López c/ 14 de Mayo',
        ...inEncarnacion,
        hours: [
          ['Mo-Fr', '07:00', '12:00'],
          ['Mo-Fr', '15:30', '21:00'],
          ['Sa', '08:00', '22:00'],
          ['Su', '16:00', '21:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'kuchen-y-cafe',
        title: {
          es: 'Kuchen de manzana con café a ₲ 24.000',
          en: 'Apple kuchen with coffee for ₲ 24,000',
          gn: 'Kafe ha kuchen 24.000 guaraníme',
        },
        description: {
          es: 'La receta viajó de Hohenau en un cuaderno con manchas de manteca.',
          en: 'The recipe travelled from Hohenau in a butter-stained notebook.',
        },
        terms: { es: 'De 15:30 a 18:00.', en: '15:30 to 18:00.' },
        redeemableHours: [['Mo-Su', '15:30', '18:00']],
        discount: { type: 'fixed_price', amountMinor: 24000, currency: 'PYG' },
        validFrom: '2025-03-01',
        validUntil: null,
      },
      {
        slug: 'segundo-cocido',
        title: { es: 'El segundo cocido es gratis', en: 'Second cocido free', gn: 'Kosido mokõiha rei' },
        description: {
          es: 'Porque una taza nunca alcanza en julio.',
          en: 'Because one cup is never enough in July.',
          gn: "Ro'y jave, peteĩ kosido ndohupytýi.",
        },
        terms: { es: 'De mayo a agosto.', en: 'May to August.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-05-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'hotel-mirador-del-sur',
    sourceLanguage: 'es',
    category: 'hotel',
    name: { es: 'Hotel Mirador del Sur' },
    description: {
      es: 'Treinta habitaciones con balcón al río, piscina en la azotea y desayuno con chipa caliente.',
      en: 'Thirty rooms with river balconies, a rooftop pool and breakfast with warm chipa.',
    },
    phone: '+595 71 555 0108',
    website: 'https://miradordelsur.example',
    locations: [
      {
        slug: 'rodriguez-de-francia',
        latitude: -27.3349,
        longitude: -55.8717,
        street: 'Av. Rodríguez de Francia c/ Cerro Corá',
        ...inEncarnacion,
        hours: [['Mo-Su', '00:00', '24:00']],
      },
    ],
    vouchers: [
      {
        slug: 'noche-entre-semana',
        title: { es: '30% en noches de domingo a jueves', en: '30% off Sunday to Thursday nights' },
        description: {
          es: 'La Costanera para vos solo, con late check-out.',
          en: 'The Costanera all to yourself, with late check-out.',
        },
        terms: { es: 'No válido en carnaval ni Semana Santa.', en: 'Not valid during carnival or Easter week.' },
        redeemableHours: [
          ['Su', '12:00', '24:00'],
          ['Mo-Th', '00:00', '24:00'],
          ['Fr', '00:00', '12:00'],
        ],
        discount: { type: 'percentage', percent: 30 },
        validFrom: '2025-03-10',
        validUntil: '2030-12-31',
      },
      {
        slug: 'escapada-de-regalo',
        title: { es: 'Escapada de regalo: ₲ 500.000', en: 'Getaway gift balance: ₲ 500,000' },
        description: {
          es: 'Dos almohadas, un río y ningún despertador.',
          en: 'Two pillows, one river and no alarm clock.',
        },
        terms: { es: 'Saldo válido en alojamiento y restaurante.', en: 'Balance valid for rooms and restaurant.' },
        discount: { type: 'gift_balance', amountMinor: 500000, currency: 'PYG' },
        validFrom: '2025-06-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'misiones-rape-turismo',
    sourceLanguage: 'es',
    category: 'tours',
    name: { es: 'Misiones Rape Turismo', en: 'Misiones Rape Tours' },
    description: {
      es: 'Excursiones a las ruinas jesuíticas de Trinidad y Jesús con guías que cantan en guaraní.',
      en: 'Trips to the Jesuit ruins of Trinidad and Jesús with guides who sing in Guaraní.',
      gn: 'Jaguata Trinidad ha Jesús tava ymaguarépe.',
    },
    phone: '+595 71 555 0109',
    website: 'https://misionesrape.example',
    locations: [
      {
        slug: 'mariscal-estigarribia',
        latitude: -27.3326,
        longitude: -55.8669,
        street: 'Mcal. Estigarribia c/ Tomás Romero Pereira',
        ...inEncarnacion,
        hours: [
          ['Mo-Fr', '07:30', '12:00'],
          ['Mo-Fr', '14:30', '18:00'],
          ['Sa', '07:30', '12:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'ruinas-de-dia',
        title: {
          es: '₲ 40.000 menos en el paseo a las ruinas',
          en: '₲ 40,000 off the ruins tour',
          gn: "Jeguata tava ymaguarépe: 40.000 guarani sa'ive",
        },
        description: {
          es: 'Trinidad y Jesús en medio día, con parada de chipa en la ruta.',
          en: 'Trinidad and Jesús in half a day, with a chipa stop on the road.',
        },
        terms: {
          es: 'Mínimo dos personas. Entrada a los sitios no incluida.',
          en: 'Minimum two people. Site entrance not included.',
        },
        discount: { type: 'fixed_amount', amountMinor: 40000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'luces-de-trinidad',
        category: 'attraction',
        title: {
          es: 'Luces de Trinidad: excursión nocturna a ₲ 110.000',
          en: 'Lights of Trinidad: night tour for ₲ 110,000',
        },
        description: {
          es: 'La misión iluminada, flautas barrocas y cielo sin ciudad.',
          en: 'The mission lit up, baroque flutes and a sky without a city.',
        },
        terms: { es: 'De jueves a domingo, con reserva.', en: 'Thursday to Sunday, booking required.' },
        redeemableHours: [['Th-Su', '00:00', '24:00']],
        discount: { type: 'fixed_price', amountMinor: 110000, currency: 'PYG' },
        validFrom: '2025-04-01',
        validUntil: null,
      },
      {
        slug: 'city-tour-de-apertura',
        title: { es: 'City tour de apertura con 50%', en: 'Opening city tour at 50% off' },
        description: {
          es: 'Estrenamos el bus abierto por la Costanera.',
          en: 'Our open-top bus makes its debut on the Costanera.',
        },
        terms: { es: 'Promoción de lanzamiento, hasta junio de 2025.' },
        discount: { type: 'percentage', percent: 50 },
        validFrom: '2025-03-01',
        validUntil: '2025-06-30',
      },
    ],
  },
  {
    slug: 'peluqueria-ramona',
    sourceLanguage: 'es',
    category: 'hair',
    name: { es: 'Peluquería Ramona' },
    description: {
      es: 'Color, corte y peinados de quince con radio de fondo y mate en la mano.',
      en: 'Colour, cuts and quinceañera updos with the radio on and mate in hand.',
    },
    phone: '+595 71 555 0110',
    locations: [
      {
        slug: 'constitucion',
        latitude: -27.328,
        longitude: -55.8695,
        street: 'Constitución c/ Gral. Artigas',
        ...inEncarnacion,
        hours: [
          ['Tu-Fr', '08:30', '12:00'],
          ['Tu-Fr', '15:00', '19:30'],
          ['Sa', '08:00', '18:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'corte-y-brushing',
        title: {
          es: 'Corte y brushing a ₲ 70.000',
          en: 'Cut and blow-dry for ₲ 70,000',
          gn: 'Akãrague ñekytĩ 70.000 guaraníme',
        },
        description: {
          es: 'Salís lista para la foto, aunque haya viento norte.',
          en: 'Leave photo-ready, even with the north wind blowing.',
        },
        terms: { es: 'Con turno, de martes a jueves.', en: 'By appointment, Tuesday to Thursday.' },
        redeemableHours: [['Tu-Th', '00:00', '24:00']],
        discount: { type: 'fixed_price', amountMinor: 70000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'color-y-nutricion',
        title: { es: 'Nutrición capilar gratis con tu color', en: 'Free hair treatment with your colour' },
        description: {
          es: 'Aceite de coco y veinte minutos de descanso obligatorio.',
          en: 'Coconut oil and twenty minutes of compulsory rest.',
        },
        terms: { es: 'En coloraciones completas.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-05-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'almacen-la-colonia',
    sourceLanguage: 'es',
    category: 'groceries',
    name: { es: 'Almacén La Colonia' },
    description: {
      es: 'Yerba, dulces, embutidos y quesos de Hohenau, Obligado y Bella Vista.',
      en: 'Yerba mate, preserves, cold cuts and cheeses from Hohenau, Obligado and Bella Vista.',
      gn: "Ka'a, kesu ha so'o kolóniagui.",
    },
    phone: '+595 71 555 0111',
    locations: [
      {
        slug: '25-de-mayo',
        latitude: -27.3295,
        longitude: -55.8694,
        street: '25 de Mayo c/ Gral. Artigas',
        ...inEncarnacion,
        hours: [
          ['Mo-Sa', '07:00', '20:00'],
          ['Su', '07:30', '12:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'picada-colonial',
        title: {
          es: '10% en fiambres y quesos',
          en: '10% off cold cuts and cheeses',
          gn: "Kesu ha so'o 10% oñemboguejy",
        },
        description: {
          es: 'Salame ahumado, queso duro y mostaza de la casa.',
          en: 'Smoked salami, hard cheese and house mustard.',
        },
        terms: { es: 'Compras desde ₲ 50.000.', en: 'Purchases from ₲ 50,000.' },
        discount: { type: 'percentage', percent: 10 },
        validFrom: '2025-01-01',
        validUntil: null,
      },
      {
        slug: 'compra-del-mes',
        title: { es: '₲ 35.000 menos en la compra del mes', en: '₲ 35,000 off your monthly shop' },
        description: {
          es: 'Llená el carro y te lo acercamos hasta la puerta.',
          en: 'Fill the trolley and we bring it to your door.',
        },
        terms: {
          es: 'Compras desde ₲ 400.000, del 1 al 10 de cada mes.',
          en: 'Purchases from ₲ 400,000, from the 1st to the 10th of each month.',
        },
        discount: { type: 'fixed_amount', amountMinor: 35000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'chocolates-tia-hedwig',
    sourceLanguage: 'es',
    category: 'bakery',
    name: { es: 'Chocolates Tía Hedwig' },
    description: {
      es: 'Bombones, strudel y figuras de Pascua hechas a mano desde 1974.',
      en: 'Chocolates, strudel and hand-made Easter figures since 1974.',
    },
    phone: '+595 71 555 0112',
    locations: [
      {
        slug: 'carlos-antonio-lopez',
        latitude: -27.3334,
        longitude: -55.8652,
        street: 'Carlos Antonio López c/ Tomás Romero Pereira',
        ...inEncarnacion,
        hours: [
          ['Mo-Fr', '08:30', '12:30'],
          ['Mo-Fr', '15:00', '20:00'],
          ['Sa', '08:30', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'caja-de-bombones',
        title: { es: 'Caja de 12 bombones con ₲ 18.000 menos', en: '₲ 18,000 off a box of 12 chocolates' },
        description: {
          es: 'Rellenos de mburukuja, guayaba y licor de naranja.',
          en: 'Filled with passion fruit, guava and orange liqueur.',
        },
        terms: { es: 'Una caja por persona.', en: 'One box per person.' },
        discount: { type: 'fixed_amount', amountMinor: 18000, currency: 'PYG' },
        validFrom: '2025-02-07',
        validUntil: '2030-12-31',
      },
      {
        slug: 'dulce-saldo',
        title: {
          es: 'Tarjeta dulce de ₲ 80.000',
          en: '₲ 80,000 sweet gift card',
        },
        description: {
          es: 'Para agradecer sin equivocarse de talle.',
          en: 'A thank-you that is never the wrong size.',
        },
        terms: { es: 'Válida en una o más compras.' },
        discount: { type: 'gift_balance', amountMinor: 80000, currency: 'PYG' },
        validFrom: '2025-04-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'lavanderia-burbuja',
    sourceLanguage: 'es',
    category: 'laundry',
    name: { es: 'Lavandería Burbuja' },
    description: {
      es: 'Autoservicio con lavarropas grandes, a una cuadra de la avenida.',
      en: 'Self-service with big machines, one block from the avenue.',
    },
    locations: [
      {
        slug: 'constitucion',
        latitude: -27.3277,
        longitude: -55.8651,
        street: 'Constitución c/ Carlos Antonio López',
        ...inEncarnacion,
        hours: null,
      },
    ],
    vouchers: [
      {
        slug: 'secado-gratis',
        title: { es: 'Secado gratis con dos lavados', en: 'Free dry with two washes' },
        description: {
          es: 'Ideal para volver de la playa con las toallas secas.',
          en: 'Perfect for coming back from the beach with dry towels.',
        },
        terms: { es: 'Una secada de 40 minutos.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'zapatos-don-genaro',
    sourceLanguage: 'es',
    category: 'shoes',
    name: { es: 'Zapatos Don Genaro' },
    description: {
      es: 'Del taller al circuito comercial: botas, sandalias y arreglos en el día.',
      en: 'From the workshop to the shopping circuit: boots, sandals and same-day repairs.',
    },
    phone: '+595 71 555 0114',
    locations: [
      {
        slug: 'circuito-comercial',
        latitude: -27.3587,
        longitude: -55.8492,
        street: 'Circuito Comercial, Av. Irrazábal',
        ...inEncarnacion,
        hours: [
          ['Mo-Sa', '07:30', '18:00'],
          ['Su', '08:00', '12:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'sandalias',
        title: { es: '40% en sandalias de temporada', en: '40% off seasonal sandals' },
        description: {
          es: 'Cuero de verdad, para la arena y para la vereda.',
          en: 'Real leather, for the sand and for the pavement.',
        },
        terms: { es: 'Hasta agotar talles.', en: 'While sizes last.' },
        discount: { type: 'percentage', percent: 40 },
        validFrom: '2025-12-01',
        validUntil: '2030-12-31',
      },
    ],
  },
];
