import { inAsuncion } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** Costanera, Mercado 4 and Sajonia. */
export const asuncionBarrios: readonly SeedBusiness[] = [
  {
    slug: 'bicis-de-la-bahia',
    sourceLanguage: 'es',
    category: 'sports',
    name: { es: 'Bicis de la Bahía' },
    description: {
      es: 'Bicicletas, patines y cuatriciclos familiares para recorrer la Costanera con viento a favor.',
      en: 'Bikes, skates and family quadricycles to ride the Costanera with the wind behind you.',
    },
    phone: '+595 21 555 0132',
    locations: [
      {
        slug: 'costanera',
        latitude: -25.2762,
        longitude: -57.6289,
        street: 'Av. Costanera José Asunción Flores c/ Yegros',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '16:00', '22:00'],
          ['Sa,Su', '08:00', '12:00'],
          ['Sa,Su', '15:00', '22:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'segunda-hora',
        title: {
          es: 'La segunda hora de bici es gratis',
          en: 'Second hour of bike hire free',
        },
        description: {
          es: 'Pagás una hora y pedaleás dos, casco incluido.',
          en: 'Pay for one hour, ride for two, helmet included.',
        },
        terms: { es: 'De lunes a viernes, con documento.', en: 'Monday to Friday, ID required.' },
        redeemableHours: [['Mo-Fr', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'cuatriciclo-familiar',
        title: { es: '₲ 15.000 menos en cuatriciclo familiar', en: '₲ 15,000 off the family quadricycle' },
        description: { es: 'Cuatro pedalean, uno saca las fotos.', en: 'Four pedal, one takes the pictures.' },
        terms: { es: 'Sábados y domingos por la mañana.', en: 'Saturday and Sunday mornings.' },
        redeemableHours: [['Sa,Su', '08:00', '12:00']],
        discount: { type: 'fixed_amount', amountMinor: 15000, currency: 'PYG' },
        validFrom: '2025-10-12',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'comedor-na-petrona',
    sourceLanguage: 'es',
    category: 'traditional-food',
    name: { es: 'Comedor Ña Petrona' },
    description: {
      es: 'Mesas largas en el corazón del Mercado 4: tallarín con gallina casera y jugo de mburukuja.',
      en: 'Long tables in the heart of Mercado 4: noodles with free-range hen and passion fruit juice.',
      gn: 'Tallarín ryguasu reheve ha mburukuja rykue, Mercado 4-pe.',
    },
    locations: [
      {
        slug: 'mercado-4',
        latitude: -25.2978,
        longitude: -57.6207,
        street: 'Av. Silvio Pettirossi c/ Battilana',
        ...inAsuncion,
        hours: [['Mo-Sa', '05:00', '16:00']],
      },
    ],
    vouchers: [
      {
        slug: 'tallarin-con-gallina',
        title: {
          es: 'Tallarín con gallina casera a ₲ 22.000',
          en: 'Noodles with free-range hen for ₲ 22,000',
          gn: 'Tallarín ryguasu reheve 22.000 guaraníme',
        },
        description: {
          es: 'Porción de mercado: si no terminás, te dan para llevar.',
          en: 'Market-sized portion: if you cannot finish it, they wrap it up.',
        },
        terms: { es: 'De 10:30 a 14:00.', en: '10:30 to 14:00.' },
        redeemableHours: [['Mo-Su', '10:30', '14:00']],
        discount: { type: 'fixed_price', amountMinor: 22000, currency: 'PYG' },
        validFrom: '2025-01-02',
        validUntil: null,
      },
      {
        slug: 'jugo-de-yapa',
        title: { es: 'Jugo de fruta de yapa', en: 'A fruit juice on the house', gn: 'Yva rykue rei' },
        description: {
          es: 'Con cualquier plato, un vaso grande de lo que haya llegado hoy.',
          gn: "Reguapy rekaru ha rome'ẽ ndéve yva rykue ro'ysã.",
        },
        terms: { es: 'Un vaso por plato.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-04-05',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'celulares-pettirossi',
    sourceLanguage: 'es',
    category: 'repair',
    name: { es: 'Celulares Pettirossi' },
    description: {
      es: 'Pantallas, baterías y pines de carga reparados mientras hacés las compras.',
      en: 'Screens, batteries and charging ports fixed while you do your shopping.',
    },
    phone: '+595 21 555 0134',
    locations: [
      {
        slug: 'mercado-4',
        latitude: -25.2966,
        longitude: -57.6238,
        street: 'Av. Silvio Pettirossi c/ Av. Brasil',
        ...inAsuncion,
        hours: [
          ['Mo-Fr', '07:30', '18:00'],
          ['Sa', '07:30', '16:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'cambio-de-pantalla',
        title: {
          es: '₲ 50.000 menos en cambio de pantalla',
          en: '₲ 50,000 off screen replacement',
          gn: "Telefono ñemyatyrõ: 50.000 guarani sa'ive",
        },
        description: {
          es: 'Repuesto de calidad y noventa días de garantía.',
          en: 'Quality part and ninety-day guarantee.',
        },
        terms: { es: 'Modelos de menos de cinco años.', en: 'Models less than five years old.' },
        discount: { type: 'fixed_amount', amountMinor: 50000, currency: 'PYG' },
        validFrom: '2025-02-17',
        validUntil: '2030-12-31',
      },
      {
        slug: 'vidrio-templado',
        title: { es: 'Vidrio templado gratis con tu reparación', en: 'Free screen protector with any repair' },
        description: {
          es: 'Para que la próxima caída sea solo un susto.',
          en: 'So the next fall is nothing but a fright.',
        },
        terms: { es: 'Colocación incluida.', en: 'Fitting included.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-02-17',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'lavadero-tres-hermanos',
    sourceLanguage: 'es',
    category: 'car-wash',
    name: { es: 'Lavadero Tres Hermanos' },
    description: {
      es: 'Lavado a mano, aspirado y encerado a pasos del estadio.',
      en: 'Hand wash, vacuum and wax a few steps from the stadium.',
    },
    phone: '+595 21 555 0135',
    locations: [
      {
        slug: 'sajonia',
        latitude: -25.2913,
        longitude: -57.6572,
        street: 'Mayor Martínez c/ Alejo García',
        ...inAsuncion,
        hours: [
          ['Mo-Sa', '07:00', '18:00'],
          ['Su', '07:00', '12:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'lavado-completo',
        title: { es: 'Lavado completo a ₲ 45.000', en: 'Full wash for ₲ 45,000', gn: 'Auto jejohéi 45.000 guaraníme' },
        description: { es: 'Por dentro, por fuera y con olor a nuevo.', en: 'Inside, outside and smelling like new.' },
        terms: { es: 'Autos chicos. Camionetas con recargo.', en: 'Small cars. Surcharge for pick-ups.' },
        discount: { type: 'fixed_price', amountMinor: 45000, currency: 'PYG' },
        validFrom: '2025-03-10',
        validUntil: '2030-12-31',
      },
      {
        slug: 'quinto-lavado',
        title: { es: 'El quinto lavado es gratis', en: 'Your fifth wash is free' },
        description: {
          es: 'Te sellamos la tarjeta cada vez que te ensuciás en la ruta.',
          en: 'We stamp your card every time the road gets you dirty.',
        },
        terms: { es: 'Tarjeta personal, vence a los 12 meses.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: null,
        state: 'archived',
      },
    ],
  },
  {
    slug: 'despensa-la-esquina',
    sourceLanguage: 'es',
    category: 'convenience',
    name: { es: 'Despensa La Esquina' },
    description: {
      es: 'Hielo, carbón, pan y pilas a cualquier hora, con ventanita de madrugada.',
      en: 'Ice, charcoal, bread and batteries at any hour, with a night window.',
    },
    phone: '+595 21 555 0136',
    locations: [
      {
        slug: 'sajonia',
        latitude: -25.2885,
        longitude: -57.6529,
        street: 'Av. Carlos Antonio López c/ Dr. Coronel',
        ...inAsuncion,
        hours: [['Mo-Su', '00:00', '24:00']],
      },
    ],
    vouchers: [
      {
        slug: 'hielo-de-yapa',
        title: {
          es: 'Bolsa de hielo gratis con tu carbón',
          en: 'A free bag of ice with your charcoal',
        },
        description: {
          es: 'A las tres de la tarde o a las tres de la mañana, la conservadora sale llena.',
          en: 'At three in the afternoon or three in the morning, your cool box leaves full.',
        },
        terms: { es: 'Una bolsa por compra.', en: 'One bag per purchase.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-03',
        validUntil: null,
      },
      {
        slug: 'kit-asado',
        title: {
          es: 'Kit asado: carbón, hielo y sal a ₲ 35.000',
          en: 'Asado kit: charcoal, ice and salt for ₲ 35,000',
        },
        description: { es: 'Vos poné la carne, nosotros el resto.', en: 'You bring the meat, we bring the rest.' },
        terms: { es: 'Viernes a domingo.', en: 'Friday to Sunday.' },
        redeemableHours: [['Fr-Su', '00:00', '24:00']],
        discount: { type: 'fixed_price', amountMinor: 35000, currency: 'PYG' },
        validFrom: '2025-01-03',
        validUntil: null,
      },
      {
        slug: 'compra-nocturna',
        title: { es: '5% en compras de madrugada', en: '5% off late-night shopping' },
        description: { es: 'Desde medianoche hasta que canta el gallo.', en: 'From midnight until the cock crows.' },
        terms: {
          es: 'De 00:00 a 05:00. Tope ₲ 10.000. No incluye cigarrillos.',
          en: '00:00 to 05:00. Capped at ₲ 10,000. Cigarettes excluded.',
        },
        redeemableHours: [['Mo-Su', '00:00', '05:00']],
        discount: { type: 'percentage', percent: 5, capMinor: 10000, currency: 'PYG' },
        validFrom: '2025-06-01',
        validUntil: '2030-12-31',
      },
    ],
  },
];
