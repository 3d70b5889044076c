import { inBeirut } from './places.ts';
import type { SeedBusiness } from './types.ts';

export const beirut: readonly SeedBusiness[] = [
  {
    slug: 'maqha-al-nakhla',
    sourceLanguage: 'ar',
    category: 'cafe',
    name: { ar: 'مقهى النخلة', en: 'Al Nakhla Café', fr: 'Café Al Nakhla' },
    description: {
      ar: 'قهوة بالهيل وطاولات نرد وكتب قديمة في قلب شارع الحمرا.',
      en: 'Cardamom coffee, backgammon tables and old books in the heart of Hamra Street.',
      fr: 'Café à la cardamome, tables de trictrac et vieux livres au cœur de la rue Hamra.',
    },
    phone: '+961 1 555 101',
    website: 'https://alnakhla.example',
    locations: [
      {
        slug: 'hamra',
        latitude: 33.8958,
        longitude: 35.4822,
        street: 'شارع الحمرا قرب تقاطع جان دارك',
        ...inBeirut,
        hours: [
          ['Mo-Sa', '07:00', '23:30'],
          ['Su', '08:00', '22:00'],
        ],
      },
      {
        slug: 'bliss',
        latitude: 33.8989,
        longitude: 35.4829,
        street: 'شارع بلس',
        ...inBeirut,
        hours: [
          ['Mo-Fr', '06:30', '22:00'],
          ['Sa', '08:00', '22:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'qahwa-thania',
        title: { ar: 'القهوة الثانية مجاناً', en: 'Second coffee free', fr: 'Le deuxième café offert' },
        description: {
          ar: 'اشرب الأولى وأنت تقرأ، والثانية وأنت تلعب الطاولة.',
          en: 'Drink the first while you read, the second over backgammon.',
        },
        terms: { ar: 'قبل الحادية عشرة صباحاً، مرة واحدة في اليوم.', en: 'Before 11:00, once a day.' },
        redeemableHours: [['Mo-Su', '00:00', '11:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'tullab',
        title: { ar: 'خصم ٢٠٪ للطلاب', en: '20% off for students', fr: '20 % pour les étudiants' },
        description: {
          ar: 'بطاقة الجامعة تكفي، والإنترنت سريع والكهرباء مضمونة.',
          en: 'A university card is enough; the wifi is fast and the power stays on.',
          fr: "La carte d'étudiant suffit ; le wifi est rapide et l'électricité garantie.",
        },
        terms: { ar: 'في فرع شارع بلس فقط.', en: 'Bliss Street branch only.' },
        discount: { type: 'percentage', percent: 20 },
        validFrom: '2025-02-01',
        validUntil: null,
        locations: ['bliss'],
      },
    ],
  },
  {
    slug: 'furn-umm-elias',
    sourceLanguage: 'ar',
    category: 'bakery',
    name: { ar: 'فرن أم الياس', en: 'Umm Elias Bakery' },
    description: {
      ar: 'مناقيش زعتر وجبنة وكشك من فرن حجري منذ عام ١٩٦٢.',
      en: "Za'atar, cheese and kishk man'oushe from a stone oven since 1962.",
      fr: "Man'ouché au zaatar, au fromage et au kishk, cuite sur pierre depuis 1962.",
    },
    phone: '+961 1 555 102',
    locations: [
      {
        slug: 'gemmayzeh',
        latitude: 33.8951,
        longitude: 35.5141,
        street: 'شارع غورو، الجميزة',
        ...inBeirut,
        hours: [
          ['Mo-Sa', '06:00', '15:00'],
          ['Su', '07:00', '13:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'tarwiqa',
        title: {
          ar: 'ترويقة كاملة بخمسة دولارات',
          en: "Full man'oushe breakfast for US$ 5",
          fr: 'Petit-déjeuner complet à 5 $ US',
        },
        description: { ar: 'منقوشة وخضرة ولبنة وشاي بالنعناع.', en: "A man'oushe, vegetables, labneh and mint tea." },
        terms: { ar: 'حتى الساعة الحادية عشرة.', en: 'Until 11:00.' },
        redeemableHours: [['Mo-Su', '00:00', '11:00']],
        discount: { type: 'fixed_price', amountMinor: 500, currency: 'USD' },
        validFrom: '2025-03-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'dazzina-bi-khasm',
        title: { ar: 'خصم ١٥٪ على الدزينة', en: '15% off by the dozen' },
        description: {
          ar: 'للمكتب أو للجيران أو لصباح الأحد.',
          en: 'For the office, the neighbours or a Sunday morning.',
        },
        terms: { ar: 'الطلب قبل ساعة.', en: 'Order one hour ahead.' },
        discount: { type: 'percentage', percent: 15 },
        validFrom: '2025-01-15',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'mashghal-al-nol',
    sourceLanguage: 'ar',
    category: 'crafts',
    name: { ar: 'مشغل النول', en: 'The Loom Workshop', fr: "L'Atelier du Métier à tisser" },
    description: {
      ar: 'شالات وسجاد صغير منسوج يدوياً، وورش حياكة كل سبت.',
      en: 'Hand-woven shawls and small rugs, with weaving workshops every Saturday.',
    },
    phone: '+961 1 555 103',
    locations: [
      {
        slug: 'mar-mikhael',
        latitude: 33.8973,
        longitude: 35.5238,
        street: 'شارع أرمينيا، مار مخايل',
        ...inBeirut,
        hours: [['Tu-Sa', '10:00', '19:00']],
      },
    ],
    vouchers: [
      {
        slug: 'shal',
        title: { ar: 'حسم عشرة دولارات على الشالات', en: 'US$ 10 off shawls', fr: '10 $ US de remise sur les châles' },
        description: { ar: 'صوف وقطن وألوان من جبل لبنان.', en: 'Wool, cotton and the colours of Mount Lebanon.' },
        terms: { ar: 'على القطع التي يتجاوز سعرها ٥٠ دولاراً.', en: 'On pieces over US$ 50.' },
        discount: { type: 'fixed_amount', amountMinor: 1000, currency: 'USD' },
        validFrom: '2025-04-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'bitaqat-hadiya',
        title: { ar: 'بطاقة هدية بأربعين دولاراً', en: 'US$ 40 gift card', fr: 'Carte cadeau de 40 $ US' },
        description: {
          ar: 'لورشة حياكة أو لقطعة تختارها بنفسك.',
          en: 'For a weaving workshop or a piece of your own choosing.',
          fr: 'Pour un atelier de tissage ou une pièce de votre choix.',
        },
        terms: { ar: 'يُستعمل الرصيد على دفعات ولا يُستبدل نقداً.', en: 'Use it in parts; not redeemable for cash.' },
        discount: { type: 'gift_balance', amountMinor: 4000, currency: 'USD' },
        validFrom: '2025-06-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'bar-al-daraj',
    sourceLanguage: 'ar',
    category: 'bar',
    name: { ar: 'بار الدرج', en: 'The Stairs Bar', fr: "Bar de l'Escalier" },
    description: {
      ar: 'عرق بلدي ومازة وموسيقى حية على درج مار مخايل.',
      en: 'Local arak, mezze and live music on the Mar Mikhael stairs.',
      fr: "Arak du pays, mezzés et musique live sur l'escalier de Mar Mikhael.",
    },
    locations: [
      {
        slug: 'mar-mikhael',
        latitude: 33.8981,
        longitude: 35.5256,
        street: 'درج الفندقية، مار مخايل',
        ...inBeirut,
        hours: [
          ['Tu-Th', '17:00', '01:30'],
          ['Fr,Sa', '17:00', '03:30'],
          ['Su', '17:00', '00:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'mazat-al-ghuroub',
        title: { ar: 'صحن مازة هدية عند الغروب', en: 'Free mezze plate at sunset' },
        description: {
          ar: 'مع كل كأسين، صحن حمص أو بابا غنوج على حسابنا.',
          en: 'With every two drinks, a plate of hummus or baba ghanouj is on us.',
        },
        terms: { ar: 'من الخامسة حتى السابعة والنصف مساءً.', en: '17:00 to 19:30.' },
        redeemableHours: [['Mo-Su', '17:00', '19:30']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-05-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'tawila-li-arbaa',
        title: {
          ar: 'حسم ٥٠٠ ألف ليرة لطاولة من أربعة',
          en: 'LBP 500,000 off a table for four',
          fr: '500 000 LBP de remise pour une table de quatre',
        },
        description: { ar: 'لأن السهرة أحلى مع الأصحاب.', en: 'Because the night is better with friends.' },
        terms: { ar: 'من الثلاثاء إلى الخميس، بالحجز المسبق.', en: 'Tuesday to Thursday, with a booking.' },
        redeemableHours: [['Tu-Th', '17:00', '01:30']],
        discount: { type: 'fixed_amount', amountMinor: 50000000, currency: 'LBP' },
        validFrom: '2025-03-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'maktabat-al-saha',
    sourceLanguage: 'ar',
    category: 'books',
    name: { ar: 'مكتبة الساحة', en: 'Al Saha Bookshop', fr: 'Librairie Al Saha' },
    description: {
      ar: 'كتب عربية وفرنسية وإنكليزية وزاوية للأطفال على بُعد خطوات من ساحة ساسين.',
      en: "Arabic, French and English books and a children's corner, steps from Sassine Square.",
      fr: 'Livres en arabe, français et anglais et un coin enfants, à deux pas de la place Sassine.',
    },
    phone: '+961 1 555 105',
    locations: [
      {
        slug: 'achrafieh',
        latitude: 33.8879,
        longitude: 35.5203,
        street: 'شارع الاستقلال قرب ساحة ساسين، الأشرفية',
        ...inBeirut,
        hours: [
          ['Mo-Fr', '09:00', '19:00'],
          ['Sa', '09:00', '15:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'thalath-bi-ithnayn',
        title: {
          ar: 'ثلاثة كتب بسعر اثنين',
          en: 'Three books for the price of two',
          fr: 'Trois livres pour le prix de deux',
        },
        description: {
          ar: 'روايات وشعر وقصص مصورة بثلاث لغات.',
          en: 'Novels, poetry and comics in three languages.',
          fr: 'Romans, poésie et bandes dessinées en trois langues.',
        },
        terms: {
          ar: 'الكتاب الأقل سعراً مجاني.',
          en: 'The cheapest book is free.',
          fr: 'Le livre le moins cher est offert.',
        },
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-01-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'kutub-al-atfal',
        category: 'kids',
        title: { ar: 'خصم ٢٥٪ على كتب الأطفال', en: "25% off children's books" },
        description: { ar: 'ومع كل كتاب قراءة بصوت عالٍ يوم السبت.', en: 'With a read-aloud session every Saturday.' },
        terms: { ar: 'لا يجمع مع عروض أخرى.' },
        discount: { type: 'percentage', percent: 25 },
        validFrom: '2025-09-01',
        validUntil: null,
      },
    ],
  },
  {
    slug: 'darrajat-al-corniche',
    sourceLanguage: 'ar',
    category: 'sports',
    name: { ar: 'درّاجات الكورنيش', en: 'Corniche Bikes', fr: 'Vélos de la Corniche' },
    description: {
      ar: 'دراجات للكبار والصغار على كورنيش عين المريسة، من شروق الشمس حتى المساء.',
      en: 'Bikes for grown-ups and children on the Ain el-Mreisseh Corniche, from sunrise to evening.',
    },
    phone: '+961 1 555 106',
    locations: [
      {
        slug: 'ain-el-mreisseh',
        latitude: 33.9021,
        longitude: 35.4889,
        street: 'كورنيش عين المريسة، شارع باريس',
        ...inBeirut,
        hours: [
          ['Mo-Fr', '06:00', '11:00'],
          ['Mo-Fr', '15:30', '20:00'],
          ['Sa,Su', '06:00', '21:00'],
        ],
      },
    ],
    vouchers: [
      {
        slug: 'saa-wa-saa',
        title: {
          ar: 'ادفع ساعة واركب ساعتين',
          en: 'Pay for one hour, ride for two',
          fr: 'Payez une heure, roulez-en deux',
        },
        description: {
          ar: 'من المنارة إلى الزيتونة والعودة مع نسيم البحر.',
          en: 'From the lighthouse to Zaitunay and back with the sea breeze.',
        },
        terms: { ar: 'أيام الأسبوع فقط، مع إبراز الهوية.', en: 'Weekdays only, ID required.' },
        redeemableHours: [['Mo-Fr', '00:00', '24:00']],
        discount: { type: 'free_item', quantity: 1 },
        validFrom: '2025-04-01',
        validUntil: '2030-12-31',
      },
      {
        slug: 'usra',
        title: {
          ar: 'أربع دراجات للعائلة بعشرين دولاراً',
          en: 'Four family bikes for US$ 20',
          fr: 'Quatre vélos en famille pour 20 $ US',
        },
        description: { ar: 'ساعة كاملة مع خوذ ومقاعد للصغار.', en: 'A full hour, helmets and child seats included.' },
        terms: { ar: 'السبت والأحد قبل العاشرة صباحاً.', en: 'Saturday and Sunday before 10:00.' },
        redeemableHours: [['Sa,Su', '00:00', '10:00']],
        discount: { type: 'fixed_price', amountMinor: 2000, currency: 'USD' },
        validFrom: '2025-05-01',
        validUntil: null,
      },
    ],
  },
];
