import type { Signs } from './wish-words.ts'

export const frenchSigns: Signs = {
  negation:
    "ne|n'\\w+|pas|plus (?:rien|jamais|aucune?|recevoir|etre|besoin|la peine|envie)|(?:veux|veu|souhaite|desire|peux|voulons) (?:plus|pu)|jamais|aucune?|rien|sans|zero|ni|non",
  more: "plus|pu|davantage|desormais|dorenavant|(?:a|dans) l'avenir|jamais|d'autres|nouve(?:aux?|l|lles?)|a compter de ce jour",
  message:
    "\\w*mails?|e-?mails?|courriels?|courriers?|infolettres?|lettres? d'info\\w*|newsletters?|bulletins?|messages?|msgs?|sms|textos?|pubs?|publici\\w+|reclames?|annonces?|(?<!code )promos?|promotion\\w*|envois?|spams?|communications?|sollicitations?|prospection|demarchage|mailings?|publipostage|correspondance|prospectus|folders?|alertes?|notifications?|infos commerciales|marketing|offres commerciales|trucs",
  offer: 'offres?|soldes|bons plans|propositions|invitations',
  contact:
    "envo(?:yer|yez|ie|ies)|m'envo\\w+|menvo\\w+|m'(?:re)?ecri\\w+|(?:re)?ecri(?:re|vez|s|ve)|contacter?|contactez|contactee?s?|m'adress\\w+|adresser|solliciter?|sollicitee?s?|sollicitez|relancez?|relancer|demarchee?r?s?|m'importun\\w+|importune[rz]|derange[rz]|derangee?|harceler|spammer|embete[rz]|m'embete\\w*|m'inond\\w+|appele[rz]|m'appele[rz]|utiliser|servir|ecrive|envoie",
  receive:
    'recevoir|recevoire|avoir|etre (?:contact|sollicit|demarch|derang|importun|destinataire|abonne|inscrit)\\w*|figurer|entendre|reception|voir|lire',
  end: "resili\\w*|terminee?s?|arrete[rz]?|arretie[rz]|s'arretent|stop|stopper|stoppez|cesse[rz]?|cessation|(?:mettre|mettez|met) (?:\\w+ )?(?:terme|fin)|mettre fin|finissez(?:-en)?|interromp(?:re|ez)|suspend(?:re|ez)|terminez|terminer|annulez|annuler|resilie[rz]|clore|cloturer|coupez|couper|fini|termine|basta|abstenir|abstenez|dispenser de",
  remove:
    "retire[rz]?|enleve[rz]?|supprime[rz]?|raye[rz]?|radie[rz]?|ote[rz]?|m'ote[rz]|m'enlever|m'effacer|m'exclure|biffe[rz]?|efface[rz]?|vire[rz]?|sorte[zr]|sortir|exclu(?:re|ez)|oublie[rz]?|degage[rz]|disparaitre|quitte[rz]?|retrait|radiation|suppression|me retirer|desactive[rz]|ejecte[rz]",
  self: "moi|me|m'\\w+|mon|ma|mes|je|nous|notre|nos|cette adresse|ce numero|[\\w-]+ moi",
  list: '[\\w-]*listes?|fichiers?|bases?|contacts?|envois?|campagnes?|destinataires?|diffusion|repertoire|carnet|boucle|mailings?|newsletters?|abonnes|carnet',
  want: "veux|veu|veut|voulons|voudrais?|voudrai|souhait\\w+|desir\\w+|j'aimerais|aimerais|jveux|prefere|merci|veuillez|priere|prie|svp|stp|plait|demande|exige|pouvez|pourriez|peux|sauriez|auriez|saurais|tiens|accepte|autorise",
  leave: "(?:me |m'|nous )?(?:desabonn(?:er|ez|e|ement)|desinscri(?:re|vez|ption|s|t))|desabo|desinscri\\w+",
  refuse:
    "refuse|refusons|renonce|decline|indesirables?|dispense[rz]?|epargne[rz]?|m'epargner|abstenir|abstenez|je me passe\\w*|m'en passe|tranquilles?|la paix|une paix|oppose|opposition|revoque|assez",
  interest: "interesse\\w*|m'interesse\\w*|besoin|utilite|interet|envie|bienvenue?s?|souhaitee?s?",
}
