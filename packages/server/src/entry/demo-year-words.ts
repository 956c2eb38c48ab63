/** Names, campaigns and words of the demo's year. Nobody here exists. */
export const firstNames = {
  nl: [
    'Els',
    'Bart',
    'Lotte',
    'Wim',
    'Sofie',
    'Jeroen',
    'Karen',
    'Tom',
    'Ilse',
    'Dirk',
    'Nele',
    'Koen',
    'Anke',
    'Stijn',
  ],
  fr: ['Camille', 'Luc', 'Élise', 'Hugo', 'Manon', 'Pierre', 'Chloé', 'Antoine', 'Julie', 'Marc', 'Sarah', 'Nicolas'],
} as const
export const familyNames = {
  nl: [
    'Maes',
    'Jacobs',
    'Claes',
    'Wouters',
    'Goossens',
    'De Smet',
    'Hermans',
    'Van Damme',
    'Aerts',
    'Willems',
    'Pauwels',
  ],
  fr: ['Lambert', 'Dupont', 'Martin', 'Renard', 'Leroy', 'Simon', 'Gérard', 'Fontaine', 'Lejeune', 'Bodart', 'Denis'],
} as const
export type DemoLanguage = keyof typeof firstNames

export const topicWeights = ['nieuws', 'nieuws', 'aanbiedingen', 'aanbiedingen', 'aanbiedingen', 'evenementen'] as const

/** How many days before the end of the year a campaign leaves, and how well it is liked: 1 is as usual, 3 is badly. */
export type DemoCampaign = {
  readonly id: string
  readonly topic: (typeof topicWeights)[number]
  readonly channel: 'email' | 'sms' | 'post' | 'phone'
  readonly daysAgo: number
  readonly dislike: number
}

/** A newsletter a month, an offer every three weeks and more of them before Christmas, and what came by other ways. */
export function demoCampaigns(): DemoCampaign[] {
  const monthly = Array.from({ length: 12 }, (_, month) =>
    campaign(`nieuwsbrief-${12 - month}`, 'nieuws', month * 30 + 6, 0.8),
  )
  const offers = Array.from({ length: 17 }, (_, index) => {
    const dislike = index === 2 ? 2.8 : 1.1
    return campaign(index === 2 ? 'megadeals' : `aanbod-${17 - index}`, 'aanbiedingen', index * 21 + 3, dislike)
  })
  const events = [40, 130, 220, 310].map((days, index) => campaign(`tuindagen-${4 - index}`, 'evenementen', days, 0.6))
  const others: DemoCampaign[] = [
    { id: 'flits-sms-1', topic: 'aanbiedingen', channel: 'sms', daysAgo: 250, dislike: 1.4 },
    { id: 'flits-sms-2', topic: 'aanbiedingen', channel: 'sms', daysAgo: 70, dislike: 2.2 },
    { id: 'lentefolder', topic: 'aanbiedingen', channel: 'post', daysAgo: 240, dislike: 0.5 },
    { id: 'najaarsfolder', topic: 'aanbiedingen', channel: 'post', daysAgo: 55, dislike: 0.7 },
    { id: 'belronde-tuin', topic: 'evenementen', channel: 'phone', daysAgo: 35, dislike: 3 },
  ]
  return [...monthly, ...offers, ...events, ...others].sort((a, b) => b.daysAgo - a.daysAgo)
}

function campaign(id: string, topic: DemoCampaign['topic'], daysAgo: number, dislike: number): DemoCampaign {
  return { id, topic, channel: 'email', daysAgo, dislike }
}

/** Why people left, as often as they stand here, and what they wrote with it. */
export const demoReasons: readonly {
  readonly reason: string
  readonly words: Record<DemoLanguage, readonly string[]>
}[] = [
  {
    reason: 'too_many',
    words: {
      nl: [
        'Te veel mails, soms twee per week. Eén nieuwsbrief per maand is genoeg.',
        'Elke week opnieuw dezelfde aanbiedingen.',
        'Ik krijg zoveel mails dat ik ze niet meer lees.',
        'Vooral voor Kerstmis kwam er elke dag iets.',
      ],
      fr: [
        'Trop de mails, parfois deux par semaine. Une infolettre par mois suffit.',
        'Toujours les mêmes offres chaque semaine.',
        'Je reçois tant de messages que je ne les lis plus.',
      ],
    },
  },
  {
    reason: 'not_relevant',
    words: {
      nl: [
        'Ik heb geen tuin meer, ik woon nu op een appartement.',
        'Jullie aanbiedingen gaan altijd over tuinmeubels.',
        'De evenementen zijn te ver van waar ik woon.',
      ],
      fr: [
        'Je n’ai plus de jardin, j’habite maintenant en appartement.',
        'Les offres concernent toujours les meubles de jardin.',
        'Les événements sont trop loin de chez moi.',
      ],
    },
  },
  {
    reason: 'too_many',
    words: {
      nl: ['De sms om acht uur ’s ochtends was er te veel aan.'],
      fr: ['Le SMS à huit heures du matin était de trop.'],
    },
  },
  {
    reason: 'privacy',
    words: {
      nl: ['Hoe komen jullie aan mijn adres? Ik kocht één keer iets in de winkel.'],
      fr: ['Comment avez-vous obtenu mon adresse ? J’ai acheté une seule fois en magasin.'],
    },
  },
  {
    reason: 'temporary',
    words: { nl: ['Even geen budget, na de verbouwing graag weer.'], fr: ['Pas de budget pour le moment.'] },
  },
  {
    reason: 'never_asked',
    words: { nl: ['Ik heb dit nooit aangevraagd.'], fr: ['Je n’ai jamais demandé ces messages.'] },
  },
  {
    reason: 'other_channel',
    words: { nl: ['Stuur liever de folder per post.'], fr: ['Je préfère le dépliant par la poste.'] },
  },
]

/** Replies that nobody could judge by rule. */
/** Replies that ask for nothing of the kind. */
export const demoPassedOver: typeof demoReviews = [
  { language: 'nl', hoursAgo: 5, text: 'Zijn de terracotta potten ook in een grotere maat te krijgen?' },
  { language: 'fr', hoursAgo: 28, text: 'Merci pour vos conseils, mes tomates sont magnifiques !' },
  { language: 'nl', hoursAgo: 52, text: 'Mijn bestelling van vorige week is nog niet geleverd.' },
]

export const demoReviews: readonly {
  readonly language: DemoLanguage
  readonly hoursAgo: number
  readonly text: string
}[] = [
  { language: 'nl', hoursAgo: 3, text: 'Kan het misschien wat minder? Of enkel als er iets voor balkons is.' },
  { language: 'fr', hoursAgo: 9, text: 'Merci, mais pas pour l’instant, nous déménageons.' },
  { language: 'nl', hoursAgo: 20, text: 'Dat is nu al de derde keer dat ik hierover schrijf!' },
  { language: 'fr', hoursAgo: 30, text: 'Pourriez-vous retirer mon mari de votre liste ?' },
]
