import { inCiudadDelEste } from './places.ts';
import type { SeedBusiness } from './types.ts';

/** The shopping district by the bridge. */
export const ciudadDelEsteMicrocentro: readonly SeedBusiness[] = [
  {
    slug: 'electronica-tres-fronteras',
    sourceLanguage: 'es',
    category: 'electronics',
    name: { es: 'Electrónica Tres Fronteras' },
    description: {
      es: 'Celulares, cámaras y drones con factura legal y prueba en mostrador, a metros del puente.',
      en: 'Phones, cameras and drones with a proper invoice and counter testing, steps from the bridge.',
    },
    phone: '+595 61 555 0101',
    website: 'https://tresfronteras.example',
    locations: [
      {
        slug: 'monsenor-rodriguez',
        latitude: -25.5098,
        longitude: -54.6076,
        street: 'Av. Monseñor Rodríguez c/ Itá Ybaté',
        ...inCiudadDelEste,
        hours: [['Mo-Sa', '06:00', '16:00']],
      },
      {
        slug: 'adrian-jara',
        latitude: -25.5106,
        longitude: -54.6131,
        street: 'Av. Adrián Jara c/ Curupayty',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:00', '17:00'],
          ['Sa', '07:00', '15:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'quince-dolares-menos',
        title: { es: 'US$ 15 menos en auriculares inalámbricos', en: 'US$ 15 off wireless headphones' },
        description: {
          es: 'Cancelación de ruido para el bus de vuelta a casa.',
          en: 'Noise cancelling for the bus ride home.',
        },
        terms: { es: 'En modelos desde US$ 90.', en: 'On models from US$ 90.' },
        discount: { type: 'fixed_amount', amountMinor: 1500, currency: 'USD' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'memoria-a-precio-fijo',
        title: { es: 'Tarjeta de memoria de 128 GB a US$ 9,90', en: '128 GB memory card for US$ 9.90' },
        description: { es: 'Clase 10, probada delante tuyo.', en: 'Class 10, tested in front of you.' },
        terms: { es: 'Dos por persona.', en: 'Two per person.' },
        discount: { type: 'fixed_price', amountMinor: 990, currency: 'USD' },
        validFrom: '2025-02-01',
        validUntil: null,
        locations: ['monsenor-rodriguez'],
      },
      {
        slug: 'tarjeta-gamer',
        title: { es: 'Tarjeta de regalo gamer de US$ 50', en: 'US$ 50 gamer gift card' },
        description: {
          es: 'Para mandos, teclados o esa silla que ya necesitás.',
          en: 'For controllers, keyboards or the chair you clearly need.',
        },
        terms: { es: 'Saldo en dólares, se usa de a poco.' },
        discount: { type: 'gift_balance', amountMinor: 5000, currency: 'USD' },
        validFrom: '2025-11-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'perfumeria-flor-de-azahar',
    sourceLanguage: 'es',
    category: 'shopping',
    name: { es: 'Perfumería Flor de Azahar' },
    description: {
      es: 'Fragancias, cosmética y petit grain paraguayo en frascos recargables.',
      en: 'Fragrances, cosmetics and Paraguayan petitgrain in refillable bottles.',
    },
    phone: '+595 61 555 0102',
    locations: [
      {
        slug: 'san-blas',
        latitude: -25.5083,
        longitude: -54.6101,
        street: 'Av. San Blas c/ Regimiento Piribebuy',
        ...inCiudadDelEste,
        hours: [['Mo-Sa', '06:30', '16:30']],
      },
    ],
    vouchers: [
      {
        slug: 'diez-dolares-en-fragancias',
        title: { es: 'US$ 10 menos en fragancias', en: 'US$ 10 off fragrances' },
        description: {
          es: 'Probá en la piel, salí a caminar y volvé a decidir.',
          en: 'Try it on your skin, take a walk and come back to decide.',
        },
        terms: { es: 'Compras desde US$ 60.', en: 'Purchases from US$ 60.' },
        discount: { type: 'fixed_amount', amountMinor: 1000, currency: 'USD' },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'recarga',
        title: {
          es: '25% recargando tu frasco',
          en: '25% off when you refill your bottle',
        },
        description: { es: 'Menos vidrio, más aroma.', en: 'Less glass, more scent.' },
        terms: { es: 'Frascos de la casa.' },
        discount: { type: 'percentage', percent: 25 },
        validFrom: '2025-05-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'boutique-arami',
    sourceLanguage: 'es',
    category: 'fashion',
    name: { es: 'Boutique Arami' },
    description: {
      es: 'Lino, algodón y estampas de la selva para los dos lados del puente.',
      en: 'Linen, cotton and jungle prints for both sides of the bridge.',
      gn: 'Ao porã haku jave g̃uarã.',
    },
    phone: '+595 61 555 0103',
    locations: [
      {
        slug: 'curupayty',
        latitude: -25.5119,
        longitude: -54.6128,
        street: 'Curupayty c/ Av. Adrián Jara',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:30', '17:00'],
          ['Sa', '07:30', '14:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'vestidos-de-lino',
        title: { es: '30% en vestidos de lino', en: '30% off linen dresses' },
        description: { es: 'Frescos, sueltos y con bolsillos de verdad.', en: 'Cool, loose and with real pockets.' },
        terms: { es: 'Descuento máximo US$ 20.', en: 'Maximum discount US$ 20.' },
        discount: { type: 'percentage', percent: 30, capMinor: 2000, currency: 'USD' },
        validFrom: '2025-09-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'panuelo-de-regalo',
        title: {
          es: 'Pañuelo de regalo con tu compra',
          en: 'Free scarf with your purchase',
        },
        description: { es: 'Estampado de tucanes, edición de la casa.', en: 'Toucan print, a house edition.' },
        terms: { es: 'Compras desde ₲ 250.000.', en: 'Purchases from ₲ 250,000.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-04-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'shawarma-el-cedro',
    sourceLanguage: 'es',
    category: 'fast-food',
    name: { es: 'Shawarma El Cedro', ar: 'شاورما الأرزة' },
    description: {
      es: 'Shawarma, falafel y limonada con menta, como lo hacía el abuelo en Baalbek.',
      en: 'Shawarma, falafel and mint lemonade, just as grandfather made it in Baalbek.',
      ar: 'شاورما وفلافل وليموناضة بالنعناع على طريقة جدّي في بعلبك.',
    },
    phone: '+595 61 555 0104',
    locations: [
      {
        slug: 'pampliega',
        latitude: -25.5103,
        longitude: -54.6163,
        street: 'Pampliega c/ Av. Monseñor Rodríguez',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Th', '09:00', '23:00'],
          ['Fr', '14:00', '01:00'],
          ['Sa,Su', '09:00', '01:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'combo-shawarma',
        title: {
          es: 'Shawarma con papas y limonada a ₲ 32.000',
          en: 'Shawarma with chips and lemonade for ₲ 32,000',
          ar: 'شاورما مع بطاطا وليموناضة بـ 32.000 غواراني',
        },
        description: {
          es: 'De pollo o de carne, con toum casero y pepinillos.',
          en: 'Chicken or beef, with homemade toum and pickles.',
        },
        terms: { es: 'Todos los días hasta las 18:00.', en: 'Every day until 18:00.' },
        redeemableHours: [['Mo-Su', '09:00', '18:00']],
        discount: { type: 'fixed_price', amountMinor: 32000, currency: 'PYG' },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'baklava-de-yapa',
        title: {
          es: 'Baklava de yapa con dos platos',
          en: 'Free baklava with two dishes',
          gn: "Mba'e he'ẽ rei mokõi tembi'u ndive",
          ar: 'بقلاوة هدية مع كل طبقين',
        },
        description: {
          es: 'Pistacho, almíbar de azahar y nada de apuro.',
          en: 'Pistachio, orange-blossom syrup and no hurry at all.',
          ar: 'فستق وقطر بماء الزهر.',
        },
        terms: { es: 'Consumo en el local.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-03-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'jardin-de-oriente',
    sourceLanguage: 'es',
    category: 'restaurant',
    name: { es: 'Jardín de Oriente' },
    description: {
      es: 'Dumplings, fideos estirados a mano y té de jazmín en un primer piso con vista a la feria.',
      en: 'Dumplings, hand-pulled noodles and jasmine tea on a first floor above the street market.',
    },
    phone: '+595 61 555 0105',
    locations: [
      {
        slug: 'pioneros',
        latitude: -25.5137,
        longitude: -54.6134,
        street: 'Av. Pioneros del Este c/ Curupayty',
        ...inCiudadDelEste,
        hours: [
          ['Mo,We-Su', '11:00', '14:30'],
          ['Mo,We-Su', '18:30', '22:30'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'almuerzo-de-fideos',
        title: { es: 'Sopa de fideos con dumplings a ₲ 38.000', en: 'Noodle soup with dumplings for ₲ 38,000' },
        description: {
          es: 'Caldo de doce horas y cuatro dumplings al vapor.',
          en: 'Twelve-hour broth and four steamed dumplings.',
        },
        terms: { es: 'Solo mediodía.', en: 'Lunch only.' },
        redeemableHours: [['Mo,We-Su', '11:00', '14:30']],
        discount: { type: 'fixed_price', amountMinor: 38000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'mesa-redonda',
        title: { es: '₲ 45.000 menos en mesa redonda para seis', en: '₲ 45,000 off the round table for six' },
        description: { es: 'Ocho platos al centro y que gire.', en: 'Eight dishes in the middle, and let it spin.' },
        terms: { es: 'Con reserva, de miércoles a viernes.' },
        redeemableHours: [['We-Fr', '00:00', '24:00']],
        discount: { type: 'fixed_amount', amountMinor: 45000, currency: 'PYG' },
        validFrom: '2025-07-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'reparaciones-chip',
    sourceLanguage: 'es',
    category: 'repair',
    name: { es: 'Reparaciones Chip' },
    description: {
      es: 'Microsoldadura, notebooks y consolas; presupuesto en una hora.',
      en: 'Micro-soldering, laptops and consoles; a quote within the hour.',
    },
    phone: '+595 61 555 0106',
    locations: [
      {
        slug: 'nanawa',
        latitude: -25.5102,
        longitude: -54.614,
        street: 'Nanawa c/ Av. Monseñor Rodríguez',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:00', '17:00'],
          ['Sa', '07:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'diagnostico-gratis',
        title: { es: 'Diagnóstico gratis de notebook', en: 'Free laptop diagnosis' },
        description: {
          es: 'Te decimos qué tiene antes de que abras la billetera.',
          en: 'We tell you what is wrong before you open your wallet.',
        },
        terms: { es: 'Un equipo por persona.', en: 'One device per person.' },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: null,
      },
      {
        slug: 'limpieza-de-consola',
        title: { es: '20% en limpieza de consolas', en: '20% off console cleaning' },
        description: {
          es: 'Pasta térmica nueva y ventiladores que vuelven a susurrar.',
          en: 'New thermal paste and fans that whisper again.',
        },
        terms: { es: 'No incluye repuestos.' },
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-06-01',
        validUntil: '2030-12-31',
      },
    ],
  },
  {
    slug: 'clinica-dental-alto-parana',
    sourceLanguage: 'es',
    category: 'dentist',
    name: { es: 'Clínica Dental Alto Paraná' },
    description: {
      es: 'Ortodoncia e implantes con radiografía digital y sala de espera sin apuro.',
      en: 'Orthodontics and implants with digital X-rays and an unhurried waiting room.',
    },
    phone: '+595 61 555 0107',
    locations: [
      {
        slug: 'boqueron',
        latitude: -25.5128,
        longitude: -54.6152,
        street: 'Boquerón c/ Av. Pioneros del Este',
        ...inCiudadDelEste,
        hours: [
          ['Mo-Fr', '07:30', '11:30'],
          ['Mo-Fr', '14:00', '18:30'],
          ['Sa', '08:00', '12:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'blanqueamiento',
        title: {
          es: 'Blanqueamiento con ₲ 150.000 menos',
          en: '₲ 150,000 off teeth whitening',
          gn: "Tãi ñemomorotĩ: 150.000 guarani sa'ive",
        },
        description: {
          es: 'Una sesión de una hora y tres tonos más claro.',
          en: 'A one-hour session and three shades lighter.',
        },
        terms: { es: 'Requiere evaluación previa.', en: 'Prior assessment required.' },
        discount: { type: 'fixed_amount', amountMinor: 150000, currency: 'PYG' },
        validFrom: '2025-02-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'plan-familia',
        title: { es: 'Plan familia: 15% en tratamientos', en: 'Family plan: 15% off treatments' },
        description: {
          es: 'Tres turnos seguidos, un solo viaje.',
          en: 'Three appointments in a row, one single trip.',
        },
        terms: { es: 'Tres o más integrantes. En preparación.', en: 'Three or more members. In preparation.' },
        discount: { type: 'percentage', percent: 15 },
        validFrom: '2026-05-01',
        validUntil: null,
        state: 'draft',
      },
    ],
  },
];
