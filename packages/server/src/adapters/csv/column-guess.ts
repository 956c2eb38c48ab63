/** What a column of an address list can hold. */
export const columnFields = [
  'externalId',
  'email',
  'phone',
  'post',
  'name',
  'language',
  'country',
  'customerSince',
  'consentAt',
  'consentSource',
  'impersonal',
  'saidAt',
] as const
export type ColumnField = (typeof columnFields)[number]

/**
 * How such columns are called in Dutch, French, German and English, folded: lower case, no accents, no signs.
 * A word that means two things (`date`, `nummer`, `tel` beside `fax`) is left out: a guess must be certain.
 */
const names: Record<ColumnField, string> = {
  externalId: `externalid id klantnummer klantnr klantid klantcode relatienummer relatienr relatieid lidnummer lidnr
    numeroclient numclient nclient noclient idclient clientid codeclient kundennummer kundennr kundenid
    customerid customernumber customerno contactid memberid membernumber crmid`,
  email: `email emailadres emailaddress emailadresse mail mailadres mailadresse mailaddress eaddress courriel
    adresseemail adressemail adresseelectronique emailprive emailprivat epost`,
  phone: `phone phonenumber telefoon telefoonnummer telefoonnr gsm gsmnummer gsmnr mobiel mobielnummer mobile
    mobilephone mobilenumber telephone telefon telefonnummer telefonnr handy handynummer portable numerodetelephone
    numtelephone tel telnr msisdn`,
  post: 'address adres postadres postaladdress adresse adressepostale postanschrift anschrift volledigadres',
  name: `name naam volledigenaam fullname nom nomcomplet nometprenom prenometnom vollstandigername klantnaam customername`,
  language: 'language lang taal taalcode langue sprache languagecode locale langcode',
  country: 'country countrycode land landcode pays codepays landercode landeskurzel',
  customerSince: `customersince klantsinds klantvanaf clientdepuis kundeseit clientsince datumklant eersteaankoop
    firstorder firstpurchase premierachat erstbestellung`,
  consentAt: `consentat consentdate dateofconsent optin optindate optinat toestemmingdatum datumtoestemming toestemmingop
    toestemming dateconsentement consentementle consentement einwilligungsdatum einwilligungam datumeinwilligung subscribedat`,
  consentSource: `consentsource optinsource toestemmingbron brontoestemming toestemmingvia sourceconsentement
    originconsentement einwilligungsquelle einwilligungvia optinbron`,
  impersonal: 'impersonal onpersoonlijk impersonnel unpersonlich generiek generic',
  saidAt: `saidat objectedat optoutat optoutdate optout unsubscribedat unsubscribed uitgeschrevenop uitschrijfdatum
    datumuitschrijving datumverzet verzetop afgemeldop desinscritle datedesinscription dateopposition abgemeldetam
    abmeldedatum widersprucham widersprochenam objectiondate`,
}

const fieldOf = new Map<string, ColumnField>(
  columnFields.flatMap((field) => names[field].split(/\s+/).map((name): [string, ColumnField] => [name, field])),
)

/** These may be several: a person has more than one address. */
const repeatable: readonly ColumnField[] = ['email', 'phone']

export type Guess = {
  /** Positions, counted from 0. */
  readonly columns: ReadonlyMap<ColumnField, readonly number[]>
  /** Fields that more than one column answers to, though there can be one. */
  readonly ambiguous: readonly ColumnField[]
}

export function guessColumns(header: readonly string[]): Guess {
  const columns = new Map<ColumnField, number[]>()
  for (const [index, title] of header.entries()) {
    const field = fieldOf.get(foldTitle(title))
    if (field !== undefined) columns.set(field, [...(columns.get(field) ?? []), index])
  }
  const ambiguous = [...columns].filter(([field, found]) => found.length > 1 && !repeatable.includes(field))
  return { columns, ambiguous: ambiguous.map(([field]) => field) }
}

/** `E-mail 2` and `GSM (werk)` are what they begin with. */
function foldTitle(title: string): string {
  return title
    .replace(/\(.*\)/, '')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/\d+$/, '')
}

/** The column somebody means: its title, in any case, or its number from 1. */
export function findColumn(header: readonly string[], wanted: string): number | undefined {
  const title = wanted.trim().toLowerCase()
  const exact = header.findIndex((name) => name.trim().toLowerCase() === title)
  if (exact !== -1) return exact
  const number = /^\d{1,4}$/.test(title) ? Number(title) : 0
  return number >= 1 && number <= header.length ? number - 1 : undefined
}
