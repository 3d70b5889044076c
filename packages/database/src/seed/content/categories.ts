import type { SeedCategory } from './types.ts';

/** Parents come before their children. */
export const categories: readonly SeedCategory[] = [
  // Food and drink
  {
    slug: 'food-and-drink',
    parent: null,
    names: { es: 'Comidas y bebidas', en: 'Food and drink', gn: "Tembi'u", ar: 'مأكولات ومشروبات', fr: 'Restauration' },
  },
  {
    slug: 'restaurant',
    parent: 'food-and-drink',
    names: { es: 'Restaurantes', en: 'Restaurants', gn: 'Karuha', ar: 'مطاعم', fr: 'Restaurants' },
  },
  {
    slug: 'grill',
    parent: 'restaurant',
    names: { es: 'Parrillas y churrasquerías', en: 'Grills', gn: "So'o ka'ẽ", ar: 'مشاوي', fr: 'Grillades' },
  },
  {
    slug: 'pizzeria',
    parent: 'restaurant',
    names: { es: 'Pizzerías', en: 'Pizzerias', ar: 'بيتزا', fr: 'Pizzerias' },
  },
  {
    slug: 'traditional-food',
    parent: 'restaurant',
    names: {
      es: 'Comida típica',
      en: 'Traditional food',
      gn: "Tembi'u teete",
      ar: 'مأكولات تقليدية',
      fr: 'Cuisine traditionnelle',
    },
  },
  {
    slug: 'fast-food',
    parent: 'food-and-drink',
    names: { es: 'Comida rápida', en: 'Fast food', gn: "Tembi'u pya'e", ar: 'وجبات سريعة', fr: 'Restauration rapide' },
  },
  {
    slug: 'cafe',
    parent: 'food-and-drink',
    names: { es: 'Cafeterías', en: 'Cafés', gn: 'Kafe', ar: 'مقاهٍ', fr: 'Cafés' },
  },
  { slug: 'bar', parent: 'food-and-drink', names: { es: 'Bares', en: 'Bars', ar: 'حانات', fr: 'Bars' } },
  {
    slug: 'bakery',
    parent: 'food-and-drink',
    names: {
      es: 'Panaderías y confiterías',
      en: 'Bakeries',
      gn: 'Mbujape',
      ar: 'مخابز وحلويات',
      fr: 'Boulangeries et pâtisseries',
    },
  },
  {
    slug: 'ice-cream',
    parent: 'food-and-drink',
    names: { es: 'Heladerías', en: 'Ice cream', ar: 'مثلجات', fr: 'Glaciers' },
  },

  // Shopping
  {
    slug: 'shopping',
    parent: null,
    names: { es: 'Compras', en: 'Shopping', gn: 'Jejogua', ar: 'تسوّق', fr: 'Achats' },
  },
  {
    slug: 'clothing',
    parent: 'shopping',
    names: {
      es: 'Ropa y calzado',
      en: 'Clothing and shoes',
      gn: 'Ao ha sapatu',
      ar: 'ملابس وأحذية',
      fr: 'Mode et chaussures',
    },
  },
  { slug: 'fashion', parent: 'clothing', names: { es: 'Moda', en: 'Fashion', gn: 'Ao', ar: 'أزياء', fr: 'Mode' } },
  {
    slug: 'shoes',
    parent: 'clothing',
    names: { es: 'Zapaterías', en: 'Shoes', gn: 'Sapatu', ar: 'أحذية', fr: 'Chaussures' },
  },
  {
    slug: 'electronics',
    parent: 'shopping',
    names: { es: 'Electrónica', en: 'Electronics', ar: 'إلكترونيات', fr: 'Électronique' },
  },
  {
    slug: 'books',
    parent: 'shopping',
    names: { es: 'Librerías', en: 'Books', gn: 'Aranduka', ar: 'كتب', fr: 'Librairies' },
  },
  {
    slug: 'crafts',
    parent: 'shopping',
    names: { es: 'Artesanías', en: 'Crafts', gn: 'Tembiapo', ar: 'حِرف يدوية', fr: 'Artisanat' },
  },
  {
    slug: 'pharmacy',
    parent: 'shopping',
    names: { es: 'Farmacias', en: 'Pharmacies', gn: 'Pohã ñemuha', ar: 'صيدليات', fr: 'Pharmacies' },
  },
  {
    slug: 'food-shopping',
    parent: 'shopping',
    names: { es: 'Alimentos', en: 'Food shops', gn: "Tembi'u ñemuha", ar: 'محال الأغذية', fr: 'Alimentation' },
  },
  {
    slug: 'groceries',
    parent: 'food-shopping',
    names: { es: 'Supermercados y almacenes', en: 'Groceries', ar: 'بقالة', fr: 'Épiceries et supermarchés' },
  },
  {
    slug: 'convenience',
    parent: 'food-shopping',
    names: { es: 'Tiendas de conveniencia', en: 'Convenience stores', ar: 'متاجر صغيرة', fr: 'Supérettes' },
  },
  {
    slug: 'coffee-shop',
    parent: 'food-shopping',
    names: {
      es: 'Café y yerba mate',
      en: 'Coffee and yerba mate',
      gn: "Kafe ha ka'a",
      ar: 'بن ومتّة',
      fr: 'Café et maté',
    },
  },

  // Beauty and health
  {
    slug: 'beauty-and-health',
    parent: null,
    names: {
      es: 'Belleza y salud',
      en: 'Beauty and health',
      gn: 'Porã ha tesãi',
      ar: 'الجمال والصحة',
      fr: 'Beauté et santé',
    },
  },
  {
    slug: 'hair',
    parent: 'beauty-and-health',
    names: {
      es: 'Peluquerías y barberías',
      en: 'Hairdressers and barbers',
      gn: 'Akãrague ñekytĩ',
      ar: 'حلاقة وتصفيف الشعر',
      fr: 'Coiffeurs et barbiers',
    },
  },
  {
    slug: 'spa',
    parent: 'beauty-and-health',
    names: { es: 'Spa y masajes', en: 'Spa and massage', ar: 'سبا وتدليك', fr: 'Spa et massages' },
  },
  {
    slug: 'gym',
    parent: 'beauty-and-health',
    names: { es: 'Gimnasios', en: 'Gyms', ar: 'نوادٍ رياضية', fr: 'Salles de sport' },
  },
  {
    slug: 'dentist',
    parent: 'beauty-and-health',
    names: { es: 'Odontología', en: 'Dentists', gn: 'Tãi pohanohára', ar: 'أطباء الأسنان', fr: 'Dentistes' },
  },
  {
    slug: 'optician',
    parent: 'beauty-and-health',
    names: { es: 'Ópticas', en: 'Opticians', ar: 'بصريات', fr: 'Opticiens' },
  },

  // Leisure
  { slug: 'leisure', parent: null, names: { es: 'Ocio', en: 'Leisure', gn: "Vy'arã", ar: 'ترفيه', fr: 'Loisirs' } },
  { slug: 'cinema', parent: 'leisure', names: { es: 'Cines', en: 'Cinemas', ar: 'سينما', fr: 'Cinémas' } },
  {
    slug: 'museum',
    parent: 'leisure',
    names: { es: 'Museos y galerías', en: 'Museums and galleries', ar: 'متاحف ومعارض', fr: 'Musées et galeries' },
  },
  {
    slug: 'attraction',
    parent: 'leisure',
    names: { es: 'Atracciones', en: 'Attractions', ar: 'معالم سياحية', fr: 'Attractions' },
  },
  { slug: 'sports', parent: 'leisure', names: { es: 'Deportes', en: 'Sports', ar: 'رياضة', fr: 'Sports' } },
  { slug: 'kids', parent: 'leisure', names: { es: 'Niños', en: 'Kids', gn: 'Mitãnguéra', ar: 'أطفال', fr: 'Enfants' } },

  // Travel
  { slug: 'travel', parent: null, names: { es: 'Viajes', en: 'Travel', gn: 'Jeguata', ar: 'سفر', fr: 'Voyages' } },
  { slug: 'hotel', parent: 'travel', names: { es: 'Hoteles', en: 'Hotels', ar: 'فنادق', fr: 'Hôtels' } },
  {
    slug: 'tours',
    parent: 'travel',
    names: { es: 'Paseos y excursiones', en: 'Tours and excursions', ar: 'جولات ورحلات', fr: 'Visites et excursions' },
  },
  {
    slug: 'car-rental',
    parent: 'travel',
    names: { es: 'Alquiler de autos', en: 'Car rental', ar: 'تأجير سيارات', fr: 'Location de voitures' },
  },

  // Services
  { slug: 'services', parent: null, names: { es: 'Servicios', en: 'Services', ar: 'خدمات', fr: 'Services' } },
  {
    slug: 'laundry',
    parent: 'services',
    names: { es: 'Lavanderías', en: 'Laundry', gn: 'Ao jejohéi', ar: 'غسيل وكيّ', fr: 'Laveries et pressings' },
  },
  {
    slug: 'repair',
    parent: 'services',
    names: { es: 'Reparaciones', en: 'Repairs', gn: "Mba'e ñemyatyrõ", ar: 'تصليح', fr: 'Réparations' },
  },
  {
    slug: 'car-wash',
    parent: 'services',
    names: { es: 'Lavaderos de autos', en: 'Car wash', ar: 'غسيل سيارات', fr: 'Lavage auto' },
  },
  {
    slug: 'education',
    parent: 'services',
    names: {
      es: 'Cursos y educación',
      en: 'Courses and education',
      gn: "Tekombo'e",
      ar: 'دورات وتعليم',
      fr: 'Cours et formation',
    },
  },
];
