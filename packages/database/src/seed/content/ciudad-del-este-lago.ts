import { inCiudadDelEste } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** Lago de la República, Área 1 and the road west. */
export const ciudadDelEsteLago: readonly SeedBusiness[] = [
  {
    slug: 'cafe-del-lago',
    sourceLanguage: 'es',
    category: 'cafe',
    name: { es: 'Café del Lago' },
    description: {
      es: 'Meriendas largas frente al Lago de la República, con sombra de lapachos y juegos para chicos.',
      en: 'Long afternoon teas by Lago de la República, with lapacho shade and games for children.',
      gn: "Kafe ha mba'e he'ẽ ypa rembe'ýpe.",
    },
    phone: '+595 61 555 0108',
    locations: [
      {
        slug: 'lago',
        latitude: -25.5149,
        longitude: -54.6214,
        street: 'Av. Mcal. Estigarribia c/ Picuiba, Lago de la República',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:00', '21:00'],
          ['Sa,Su', '07:30', '22:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'merienda-para-dos',
        title: {
          es: 'Merienda para dos a ₲ 60.000',
          en: 'Afternoon tea for two for ₲ 60,000',
        },
        description: {
          es: 'Dos cafés, tostados, torta y jugo con vista al agua.',
          en: 'Two coffees, toasties, cake and juice with a view of the water.',
        },
        terms: { es: 'De 15:00 a 19:00.', en: '15:00 to 19:00.' },
        redeemableHours: [['Mo-Su', '15:00', '19:00']],
        discount: { type: 'fixed_price', amountMinor: 60000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'cafe-del-corredor',
        title: {
          es: 'Café gratis para corredores',
          en: 'Free coffee for runners',
          gn: 'Peteĩ kafe rei',
        },
        description: {
          es: 'Mostrá tus cinco kilómetros alrededor del lago y pasá a la barra.',
          en: 'Show your five kilometres around the lake and come to the bar.',
        },
        terms: { es: 'Antes de las 09:00, con una consumición.', en: 'Before 09:00, with any purchase.' },
        redeemableHours: [['Mo-Su', '00:00', '09:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-04-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'churrasqueria-puente-alto',
    sourceLanguage: 'es',
    category: 'grill',
    name: { es: 'Churrasquería Puente Alto' },
    description: {
      es: 'Picaña al carbón, ambiente familiar y estacionamiento con sombra.',
      en: 'Charcoal picanha, a family atmosphere and shaded parking.',
    },
    phone: '+595 61 555 0109',
    locations: [
      {
        slug: 'km-4',
        latitude: -25.5093,
        longitude: -54.6391,
        street: 'Ruta PY02 km 4',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Su', '11:00', '15:00'],
          ['Th-Sa', '19:00', '23:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'picana-para-dos',
        title: {
          es: 'Picaña para dos: 20% menos',
          en: '20% off picanha for two',
          gn: "So'o ka'ẽ mokõivape g̃uarã 20% oñemboguejy",
        },
        description: {
          es: 'Medio kilo a punto, farofa, ensalada y mandioca.',
          en: 'Half a kilo medium-rare, farofa, salad and cassava.',
        },
        terms: { es: 'De lunes a jueves.', en: 'Monday to Thursday.' },
        redeemableHours: [['Mo-Th', '00:00', '24:00']],
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'almuerzo-del-trabajador',
        title: {
          es: 'Almuerzo del trabajador a ₲ 30.000',
          en: "Worker's lunch for ₲ 30,000",
          gn: "Mba'apohára karu asaje 30.000 guaraníme",
        },
        description: {
          es: 'Plato fuerte, ensalada y jugo, servido rápido.',
          en: 'Main, salad and juice, served fast.',
        },
        terms: { es: 'De lunes a viernes hasta las 14:00.' },
        redeemableHours: [['Mo-Fr', '00:00', '14:00']],
        discount: { type: 'fixed_price', amountMinor: 30000, currency: 'PYG' },
        validFrom: '2025-01-02',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'hotel-salto-alto',
    sourceLanguage: 'es',
    category: 'hotel',
    name: { es: 'Hotel Salto Alto' },
    description: {
      es: 'Habitaciones silenciosas, traslado al puente y depósito seguro para tus compras.',
      en: 'Quiet rooms, a shuttle to the bridge and safe storage for your shopping.',
    },
    phone: '+595 61 555 0110',
    website: 'https://saltoalto.example',
    locations: [
      {
        slug: 'alejo-garcia',
        latitude: -25.5163,
        longitude: -54.6165,
        street: 'Av. Alejo García c/ Av. Rogelio Benítez',
        ...inCiudadDelEste,
        hours: [['Mo-Su', '00:00', '24:00']],
      },
    ],
    vouchers: [
      {
        slug: 'noche-a-precio-fijo',
        title: { es: 'Habitación doble a US$ 39', en: 'Double room for US$ 39' },
        description: { es: 'Con desayuno y salida a las 14:00.', en: 'With breakfast and 14:00 check-out.' },
        terms: {
          es: 'De domingo a jueves, sujeto a disponibilidad.',
          en: 'Sunday to Thursday, subject to availability.',
        },
        redeemableHours: [
          ['Su', '12:00', '24:00'],
          ['Mo-Th', '00:00', '24:00'],
          ['Fr', '00:00', '14:00'],
        ],
        discount: { type: 'fixed_price', amountMinor: 3900, currency: 'USD' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'credito-de-hotel',
        title: { es: 'Crédito de hotel de US$ 75', en: 'US$ 75 hotel credit' },
        description: {
          es: 'Usalo en noches, cenas o lavandería, como prefieras.',
          en: 'Use it on nights, dinners or laundry, as you like.',
        },
        terms: { es: 'No reembolsable. Válido para el titular.', en: 'Non-refundable. Valid for the holder.' },
        discount: { type: 'gift_balance', amountMinor: 7500, currency: 'USD' },
        validFrom: '2025-05-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'aventura-monday',
    sourceLanguage: 'es',
    category: 'tours',
    name: { es: 'Aventura Monday' },
    description: {
      es: 'Rappel, tirolesa y caminatas en los Saltos del Monday, con salida desde el centro.',
      en: 'Abseiling, zip-lines and hikes at Saltos del Monday, leaving from downtown.',
    },
    phone: '+595 61 555 0111',
    website: 'https://aventuramonday.example',
    locations: [
      {
        slug: 'oficina-centro',
        latitude: -25.5111,
        longitude: -54.6094,
        street: 'Av. Adrián Jara c/ Itá Ybaté',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Sa', '07:00', '16:00'],
          ['Su', '07:00', '10:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'rappel-en-el-salto',
        category: 'sports',
        title: { es: 'US$ 12 menos en rappel de 40 metros', en: 'US$ 12 off the 40-metre abseil' },
        description: {
          es: 'Bajás al lado de la cascada; mojarse está garantizado.',
          en: 'Down beside the waterfall; getting wet is guaranteed.',
        },
        terms: { es: 'Mayores de 14 años. Traslado incluido.', en: 'Ages 14 and up. Transfer included.' },
        discount: { type: 'fixed_amount', amountMinor: 1200, currency: 'USD' },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'noche-astronomica-2030',
        title: {
          es: 'Noche astronómica 2030: ₲ 90.000 menos',
          en: '2030 stargazing night: ₲ 90,000 off',
        },
        description: {
          es: 'Telescopios, fogón y el ruido del salto de fondo.',
          en: 'Telescopes, a bonfire and the roar of the falls.',
        },
        terms: { es: 'Cupos limitados, con reserva.' },
        discount: { type: 'fixed_amount', amountMinor: 90000, currency: 'PYG' },
        validFrom: '2030-01-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'padel-area-uno',
    sourceLanguage: 'es',
    category: 'sports',
    name: { es: 'Pádel Área Uno' },
    description: {
      es: 'Cuatro canchas techadas, vestuarios y parrilla para el tercer tiempo.',
      en: 'Four covered courts, changing rooms and a grill for afterwards.',
    },
    phone: '+595 61 555 0112',
    locations: [
      {
        slug: 'area-1',
        latitude: -25.5187,
        longitude: -54.6269,
        street: 'Área 1, Av. de los Yerbales',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '06:00', '23:30'],
          ['Sa,Su', '07:00', '22:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'cancha-matutina',
        title: { es: '35% en cancha por la mañana', en: '35% off morning courts', gn: 'Pyhareve 35% oñemboguejy' },
        description: {
          es: 'Antes de la oficina, con café para el que pierde.',
          en: 'Before the office, with coffee for the loser.',
        },
        terms: { es: 'De lunes a viernes, de 06:00 a 11:00.', en: 'Monday to Friday, 06:00 to 11:00.' },
        redeemableHours: [['Mo-Fr', '06:00', '11:00']],
        discount: { type: 'percentage', percent: 35 },
        validFrom: '2025-01-06',
        validUntil: '2030-12-31',
      },
      {
        slug: 'paletas-gratis',
        title: { es: 'Alquiler de paletas sin cargo', en: 'Free racket hire' },
        description: {
          es: 'Cuatro paletas y un tubo de pelotas para tu primer partido.',
          en: 'Four rackets and a tube of balls for your first match.',
        },
        terms: { es: 'Una vez por grupo.', en: 'Once per group.' },
        discount: { type: 'free_item', quantity: 4 },
        validFrom: '2025-06-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'autolavado-acaray',
    sourceLanguage: 'es',
    category: 'car-wash',
    name: { es: 'Autolavado Acaray' },
    description: {
      es: 'Túnel automático y detallado a mano mientras tomás un tereré.',
      en: 'Automatic tunnel and hand detailing while you sip a tereré.',
    },
    locations: [
      {
        slug: 'km-3-5',
        latitude: -25.5089,
        longitude: -54.6331,
        street: 'Ruta PY02 km 3,5',
        ...inCiudadDelEste,
        hours: null,
      },
    ],
    vouchers: [
      {
        slug: 'encerado',
        title: {
          es: '₲ 25.000 menos en encerado',
          en: '₲ 25,000 off waxing',
        },
        description: { es: 'Tierra roja afuera, brillo adentro y afuera.', en: 'Red soil off, shine inside and out.' },
        terms: { es: 'Con lavado completo.', en: 'With a full wash.' },
        discount: { type: 'fixed_amount', amountMinor: 25000, currency: 'PYG' },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'minimarket-kilometro-siete',
    sourceLanguage: 'es',
    category: 'convenience',
    name: { es: 'Minimarket Kilómetro Siete' },
    description: {
      es: 'Combustible para vos: café, chipa y recargas, las veinticuatro horas.',
      en: 'Fuel for you: coffee, chipa and top-ups, around the clock.',
    },
    phone: '+595 61 555 0114',
    locations: [
      {
        slug: 'km-7',
        latitude: -25.4987,
        longitude: -54.6656,
        street: 'Ruta PY02 km 7',
        ...inCiudadDelEste,
        hours: [['Mo-Su', '00:00', '24:00']],
      },
    ],
    vouchers: [
      {
        slug: 'cafe-y-chipa',
        title: {
          es: 'Café con chipa a ₲ 10.000',
          en: 'Coffee and chipa for ₲ 10,000',
          gn: 'Kafe ha chipa 10.000 guaraníme',
        },
        description: {
          es: 'El combo del camionero, a cualquier hora.',
          en: "The trucker's combo, at any hour.",
          gn: 'Oimeraẽ aravópe, kafe hakúva ha chipa.',
        },
        terms: { es: 'Hasta tres combos por compra.', en: 'Up to three combos per purchase.' },
        discount: { type: 'fixed_price', amountMinor: 10000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: null,
      },
    ],
  },
];
