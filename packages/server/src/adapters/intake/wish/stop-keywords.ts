/**
 * Words that are a no by themselves, folded: those of the Belgian operators' guidelines, the Dutch SMS code (STOP, UIT) and
 * the CTIA principles (May 2023, §5.1.3), with what people make of them in the four languages.
 */
const words = (list: string): readonly string[] => list.trim().split(/\s+/)

/** A no wherever they stand in a text of nothing but these and polite words. */
export const stopKeywords: ReadonlySet<string> = new Set(
  words(`
    stop stopp sopt spto стоп stoppen stopzetten stopt stopall stopsms stopnu stopalles stoppt stoppez stops
    uitschrijven uitschrijving uitgeschreven afmelden afmelding afgemeld uitschrijf afmeld
    stopper stoppe stoppes stoper stopez arretes aretez areter arettez arrettez arretter arrete cessez cesse arret arrete arreter arretez arrets desabonner desabonnement desabonnez desabonne desinscrire desinscription
    desinscrivez desinscrit desinscris
    abmelden abmelda abmeldung abgemeldet abbestellen abbestellung austragen abmeld
    unsubscribe unsubscribed unsub remove optout opt-out revoke
  `),
)

/** Ordinary words one letter away from a keyword: they are what they say. */
export const ordinaryWords: ReadonlySet<string> = new Set(
  words(`
    shop step top tops stap stip stof strop stok stoot slop swop snop spot stow stol ston stomp stoep stoer soep
    sop sto stopje stoppel stapt stopfen shops steps store stoop story strom stadt stopper stups stuip stom storm stoom
    troep post sport slot plot knop schop klop kop drop crop prop flop
    anmelden anmeldung angemeldet aanmelden aanmelding aangemeld melden meldung bestellen bestellung bestelling
    inscription inscrire subscribe subscribed resubscribe abonner abonnement uitschrijver beschrijven
  `),
)
