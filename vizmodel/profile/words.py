"""Owns the words that names and values use: units, identifiers, what counts and what ends."""

from __future__ import annotations

import re
from functools import lru_cache

from vizmodel.patterns import late_pattern

#: Vega-Lite writes names into its own code, where these end a text or vanish however escaped.
UNSPEAKABLE = late_pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]+")
IDENTIFIER_NAME = late_pattern(
    r"^((?i:x1?|id|.*[._ -]id|obs|index|no|nr|case|row|row[_ ]?names|subject|subj|uuid|guid|key"
    r"|unnamed: ?0(\.\d)?|.*_key|serial.*|record.*number"
    r"|isin|wkn|cusip|sedol|figi|lei|iban|ean|gtin|upc|asin|isbn(1[03])?|doi"
    r"|(user|customer|client|order|product|item|passenger|person|patient|employee|student)id)"
    # In mixed case only: "paid" and "humid" are no identifiers.
    r"|.*ID|.*[a-z]Id)$"
)
#: Names of amounts, which add up.
AMOUNT_NAME = late_pattern(
    r"\b(counts?|freq|number|num|total|sum|amounts?|sales|sold|revenue|turnover|profit|loss|costs?|spend"
    r"|spent|spending|budget|expenses?|payments?|paid|quantity|qty|units?|volume|population|pop"
    r"|people|persons|votes|visits|views|clicks|downloads|users|customers|orders|trips|passengers"
    r"|cases|deaths|births|injuries|accidents|goals|points|wins|medals|gold|silver|bronze|jobs"
    r"|employees|students|hours|minutes|exports?|imports?|production|output|emissions|value|values"
    r"|gdp|gross|fare|donations?|funding|investment|calories"
    r"|amt|amnt|mrr|arr|conversions|clicks|impressions|requests|sign ?ups|debits?|credits?|refunds?"
    r"|premiums?|kwh|mwh|gwh|twh|tonnes|servings|litres|liters|downtime|scrap|incidents|installs"
    r"|page ?views|netto|brutto|stueckzahl|stückzahl|ausschuss|gasto|coste"
    r"|fees?|tolls?|tips|surcharges?|incurred|payouts?|takings|calls|vehicles|bookings|admissions"
    r"|arrivals|departures|visitors|deliveries|shipments|parcels|abandoned|tickets|leads"
    r"|anzahl|menge|summe|umsatz|betrag|kosten|ausgaben|einnahmen|wert|einwohner|bevölkerung"
    r"|débits?|crédits?|coûts?|chiffre d'affaires|importo|cost[io]?|ricavi|spes[ae]|incass[io]"
    r"|lordo|quantità|qtà|pezzi|qté|unidades|qtde?|sztuk|szt|mennyiség|stück|stueck|pcs|pieces"
    r"|custos?|receitas?|despesas?|quantidade|vendas|faturamento|bedrag|omzet|aantal|belopp|antal"
    r"|kostnad(er)?|beløb|beløp|antall|kwota|koszty?|ilość|sprzedaż|przychod[uy]?|przychód|összeg"
    r"|tutar|miktar|adet|částka|množství|tržby|summa|сумма|количество|выручка"
    r"|nombre|montant|effectifs?|dépenses|recettes|ventes|valeur|quantité"
    r"|número|cantidad|monto|importe|ventas|gastos|ingresos|población|valor)\b"
    # Written as one word with what they are of: candidatevotes, Nettoumsatz.
    r"|[a-z](votes|sales|deaths|births|visitors|passengers|revenue|tickets|downloads|customers"
    r"|employees|students)\b"
    r"|[a-zäöüß](umsatz|absatz|menge|anzahl|betrag|kosten|ausgaben|einnahmen|stimmen|einwohner)\b"
)
#: Names of money that each person or thing has by nature, as one has a height.
WORTH_NAME = late_pattern(
    r"\b(prices?|salar(y|ies)|incomes?|wages?|rents?|worth|(brutto|netto)?(gehalt|gehälter|löhne)"
    r"|[a-zäöü]*(jahres|monats|stunden|grund)(gehalt|lohn)|lohn|einkommen|miete|salaires?|loyers?"
    r"|salarios?|sueldos?|alquiler(es)?|stipendi[oi]?|salaris(sen)?|wynagrodzeni[ea]|зарплата)\b"
)
#: Names of those who, or what, are counted in groups, and of no other size.
COUNTED_NAME = late_pattern(
    r"\b(survivors|victims|fatalities|killed|wounded|injured|migrants|immigrants|emigrants|voters"
    r"|speakers|residents|inhabitants|households|members|troops|soldiers|arrests|crimes|thefts"
    r"|claims|tests|doses|vaccinat(ed|ions)|fires|sightings)\b"
)
#: Names of how long or how far something took each person or thing.
DURATION_NAME = late_pattern(
    r"\b(times?|durations?|days?|weeks?|months?|latenc(y|ies)|rt|lifetimes?|fu ?times?"
    r"|follow ?up|distances?|dist|miles|km|dauer|zeit|durée|tiempo|duración)\b"
)
#: Names of what each event in time brings or takes, so that a month has a total of it.
FLOW_NAME = late_pattern(
    r"\b(distan[zc]e?s?|distancia|dist|km|kms|kilomet(er|re)s?|miles|laps|steps|stairs|ascent|climb"
    r"|elevation gain|strecke|höhenmeter|schritte|rain(fall)?|precip(itation)?|prcp|snow ?fall"
    r"|sunshine|niederschlag|regen|sonnenschein|pluie|précipitations?|lluvia|precipitaci(ó|o)n"
    r"|k?cals?|kilojoules?|kj|energy|energie|énergie|energía|consumption"
    r"|(energy|power|electricity|gas|water|fuel|data) (usage|used?|consumed)|consommation|consumo"
    r"|mins?|minutes?|minuten|hours?|hrs|stunden|heures|horas|ore|uren|timmar|seconds?|secs?"
    r"|durations?|dauer|durée|duración|(moving|elapsed|screen|watch|talk|play|work(ing)?|ride"
    r"|flight|machine|run) ?time)\b|[a-z]verbrauch\b|[a-z](dauer|strecke)\b"
)
#: Of these, what each has by nature, and how long somebody had to wait.
NO_FLOW_NAME = late_pattern(
    r"\b(to|from|between|since|until|till|ago|per|of|mean|avg|average|median|max"
    r"|response|reaction|wait(ing)?|latency|delay(s|ed)?|lead|ms|millis\w*|us|ns|pace|zu[mr]?|von)\b"
)
#: Most ways in which something ends.
MAX_ENDS = 4
#: Names of columns that say how something ended: what the other columns are there to explain.
OUTCOME_NAME = late_pattern(
    r"\b(outcomes?|targets?|responses?|results?|label|y|status|events?"
    r"|surviv(ed|al)|survive|alive|lived|died|dead|death|deceased|recur(red|rence|r)?|relapsed?|cured"
    r"|recovered|diagnosis|diseased?|infected|readmitted|immuni[sz]ed|immun"
    r"|default(ed)?|churn(ed)?|attrition|quit|fraud|spam|converted|conversion|purchased?|bought"
    r"|subscribed|called|call|call ?back"
    r"|admit(ted)?|approved?|approval|accepted|rejected|deny|denied|hired|promoted|graduated|passed"
    r"|success|fail(ed|ure)?|won|win|voted?|votes|arrested|convicted|penalty|verdict"
    r"|cancell?ed|exited|terminated|resigned|stroke|sepsis|clicked|no ?show|drop(ped)? ?out"
    r"|overdue|delinquent|complained|reordered|rebooked|renewed|returned)\b"
    # By itself it says who went; otherwise a side.
    r"|^left$"
)
#: Names of columns that say how many there are of what a row describes.
COUNT_NAME = late_pattern(
    r"(freq(uency)?|counts?|n|nb|num|number( of .+)?"
    r"|n? ?(persons|people|cases|controls|patients|subjects|students))( \d+)?"
)
#: Names of columns that say how a figure was come by: estimated, provisional, a break in series.
REMARK_NAME = late_pattern(
    r"(obs|observation|value|data|conf) flags?( codes?)?|flags|flag codes?"
    r"|(obs|observation|conf) status( code)?|foot ?notes?( codes?)?"
)
#: What a frame's index is called once it has been to a file and back.
INDEX_NAME = late_pattern(r"^unnamed: ?\d+$", re.IGNORECASE)
#: The same in other tools: texts of this name are what the rows are called, and no mere key.
ROW_LABEL_NAME = late_pattern(r"^(x|index|row[._ ]?names?|unnamed: ?\d+)$", re.IGNORECASE)
#: Numbers of this name are never a measure, even where they repeat.
ROW_NAME = late_pattern(
    r"^((?i:id|.*[._ -]id|index|row[_ ]?names|uuid|guid|unnamed: ?0(\.\d)?)|.*[a-z]I[dD])$"
)
#: Numbers of this name tell repeats of one run apart, or the parts of its data.
REPEAT_NAME = late_pattern(r"^((random|rng) )?seed$|^(cv )?fold$")
#: Names of what was computed from other cells so that it tells nothing by itself.
HASH_NAME = late_pattern(
    r"\b(hash(es|ed)?|checksum|check ?digit|md5|sha ?(1|256|512)|crc ?(16|32)?|etag)$"
)
#: Names of one part of what people are called, which says nothing of them.
PERSON_NAME = late_pattern(
    r"^(.* )?((first|last|middle|given|family|maiden) name|surname|forename|vorname|nachname"
    r"|familienname|prénom|apellidos?)$|^(first|last|sur|fore)name$"
)
#: Numbers that name places or things: they have no size.
CODE_NAME = late_pattern(
    r"^(gl|ledger) ?acc(oun)?t( (no|nr|number|code))?$|^acc(oun)?t (no|nr|num|number|code)$|"
    r"(^|[^a-z])(zip|zip ?code|plz|post(al)? ?code|postleitzahl|fips|phone|telephone|msisdn"
    r"|icpsr|puma|permno|gvkey|imei|isbn|issn|barcode|ean|upc|gtin|sku|mrn|npi|ccn|ssn|vin|iban|isin|mls|siren|siret)"
    r"([^a-z]|$)|[a-z]fips$|^(identifier|geo ?id)$"
    # Codes, but no time that somebody spent with writing some.
    r"|[a-z ](?<!years )(?<!hours )(?<!days )(?<!lines of )(?<!1st )(?<!first )code?$"
    # Kundennummer, Belegnr; accounts, cost centres, codes of trades.
    r"|(?<!an)(?<!rechen)nummer$|[a-zäöüß]{3}nr$|konto$|^(kostenstelle|buchungskreis)$"
    r"|^(naics|sic|nace|isco|cusip|duns|lei|código|codigo|matrícula|código postal|code postal)$"
    r"|^(study|unit|county|cnty|state|city|tract|firm|plant|store|school|class|teacher|house|hh"
    r"|person|pers|case|group|team|family|fam|child|mother|site|station|plot|dept|district|bank"
    r"|company|worker|stud|ind|panel|country|market|route|trip|device|sensor|account|invoice"
    r"|sch|dist|prod|product|choice|cust|customer|client|user|emp|employee|stu|student|pat|patient"
    r"|member|order|item|region|branch|block|village|cluster|respondent|resp|driver|player|game"
    r"|match|movie|song|album|author|book|session|event|task|job|project|ticket|loan|policy|claim"
    r"|vehicle|vessel|supplier|vendor|seller|buyer|agent|zone|block|parcel|building|room)id$",
)
#: Whole numbers of this name that all differ name the rows; other words only end so.
NUMBERED_ROW_NAME = late_pattern(
    r"^(code|(?!.*(paid|bid|aid|maid|acid|grid|idid|liquid|solid|fluid|void|covid|humid|amid|mid)$)"
    r"[a-z]{2,}id)$",
    re.IGNORECASE,
)
#: Whole numbers of this name that repeat say which group a row is of.
GROUP_NAME = late_pattern(
    r"\b(race|ethnic\w*|gender|sex|relig\w*|marital|occupation|occ|profession|job|codes?|types?"
    r"|classe?s?|category|categories|groups?|clusters?|labels?|regions?|districts?|states?|county"
    r"|zones?|sectors?|departments?|dept|divisions?|teams?|treatments?|species|status|strat(um|a)"
    r"|blocks?|batch|cohorts?|site|centers?|centres?|ward|hospital|school|clinic"
    r"|channel|sensor|machine|device|instrument|plant|warehouse|aisle|shift|terminal|port|server"
    r"|replication"
    r"|rep|laboratory|operator|analyst|technician|geschlecht|gruppe|klasse|typ|kategorie|abteilung"
    r"|filiale|werk|lager|maschine|schicht|bundesland|kreis|sexe|groupe|catégorie|niveau|magasin"
    r"|grupo|sexo|tipo|categoría|sucursal|tienda|topics?|communit(y|ies)"
    r"|k ?means|h?dbscan|gmm|(leiden|louvain|snn)( r\w*)?( \d+)*)"
    r"( (number|no|nr))?$"
)
#: Whole numbers of this name tell things apart, however many there are: they have no size. Names
#: of more than two words name one thing, such as a company.
THING_NAME = late_pattern(
    r"^(\w+ )?(subject|subj|patient|participant|respondent|panelist|person|household|family"
    r"|litter|herd|flock|pair|sire|cage|tank|plot|plate|firm|company|bank|store|shop|farm|village"
    r"|parish|precinct|tract|parcel|location|site|station|region|district|county|state|province"
    r"|canton|zone|ward|sector|hospital|clinic|school|department|dept|occupation|replicate|batch|judge|rater|observer"
    r"|entity|unit|lecturer|teacher|student|individual|animal|driver|player|worker|employee"
    r"|municipality|commune|borough|lea|dog|chick|rat|mouse|cow|pig|calf|lamb|ewe|monkey|tree|nest|colony"
    r"|customer|client|user|member|candidate"
    r"|experiment|expt|study|chr|chrom|chromosome|drg|genotype|allele|haplotype|loc[iu]s?\d*"
    r"|[hpuctg]id|seq ?no|case ?no|rec ?no|key)( (number|no|nr))?$"
    # Areas that somebody drew, not how large something is.
    r"|^(reporting|community|statistical|planning|service|patrol|catchment) areas?$"
    r"|^(police )?beat$"
)
#: Running numbers within something: the third squirrel of a hectare.
COUNTER_NAME = late_pattern(r"(?<=\w )(number|no|nr)$")
#: The same of one thing each, such as a flight: not a number of flights, nor the largest number.
NUMBERED_NAME = late_pattern(
    r"^(?!.*\b(total|sum|avg|average|mean|max|min|of)\b).*[a-rt-z] (number|no|nr|num)$"
)
#: The same written as one word, such as casenum.
JOINED_NUMBER_NAME = late_pattern(r"^(?!(plati|alumi|mag|total|mini|maxi))[a-z]{3,}num$")
#: Numbers of this name are no years, though they may all lie among these.
NO_YEAR_NAME = late_pattern(
    r"\b(n|elevation|altitude|area|sq ?(ft|m|feet)|sqft|rpm|steps|kcal|distance|depth|weight|mass"
    r"|height|length|width|power|energy|watts?|pressure|speed|scores?|ratings?|elo|level|size|gewicht|höhe"
    r"|fläche|leistung|poids|hauteur|peso|altura)\b"
)
#: Numbers of this name say where, how far or how much, whatever they go with.
SIZE_NAME = late_pattern(
    r"^([xyzijkt]|rows?|cols?|columns?|pos|position|place|bins?|order|wave|trials?|turn|floor|lane"
    r"|storey|lag|n|freq|counts?)\d*$"
    r"|\b(percentiles?|quantiles?|deciles?|quintiles?|brackets?|ranks?|class(es)?|size|scores?"
    r"|counts?|total|sum|mean|avg|average|max|min|conc|concentration|temp|temperature|speed|weight|mass"
    r"|height|width|length|angle|energy|power|frequency|pressure|volts?|voltage|density)\b"
)
#: Numbers that name another row of the same table.
POINTER_NAME = late_pattern(
    r"\b(parent|manager|supervisor|boss|mother|father|sire|dam|[fm]id|reply to)( id)?$"
)
DATE_NAME = late_pattern(r"\b(date|datum|fecha)\b")
#: Years of two digits are called a year, not years of something.
SHORT_YEAR_NAME = late_pattern(r"(^|\b|[a-z])(year|yr)$")
QUARTER_NAME = late_pattern(r"\b(quarters?|qtr|quartal|trimest(re|er)|kwartaal)\b")
YEAR_NAME = late_pattern(
    r"(^|[^a-z])(year|years|yr|yrs|annee|année|ann[ée]es|año|anio|anno|ano|season|vintage|fy|decade)([^a-z]|$)"
    r"|year$|jahr$",
    re.IGNORECASE,
)
SEQUENCE_NAME = late_pattern(
    r"(^|[^a-z])(week|day|days|month|hour|minute|second|time|timepoint|step|age|period|quarter|round|epoch|trial|lap"
    r"|distance|depth|dose|level|rank|weekday|dow|season|episode|match ?day"
    r"|spieltag|jornada|alter|monat|woche|stunde|wochentag|quartal|tag|rang"
    r"|âge|mois|semaine|heure|jour|trimestre|edad|mes|semana|hora|día"
    r"|kalenderwoche|settimana|mese|giorno)([^a-z]|s?$)",
    re.IGNORECASE,
)
#: What may stand after the word of a sequence: its unit, from where it counts, a number. Other
#: nouns are what a name is about, as in first-time buyers; numbers before the word are a span.
SEQUENCE_END = late_pattern(
    r"[a-z]*( (of|from|to|in|since|after|until|before|between|per|at|on|for|no|nr|number|num|index"
    r"|id|order|value|group|points?|steps?|x|y|mins?|minutes?|h|hrs?|hours?|s|secs?|seconds?|ms|days?"
    r"|weeks?|months?|years?|yrs?|u?m|km|cm|mm|ft|miles?|mg|g|kg|ml|\d+)\b.*)?"
)
SPAN = late_pattern(r"\d (week|day|month|hour|minute|second)")
#: Names of money that say how it compares rather than how much it is.
NO_MONEY_NAME = late_pattern(
    r"\b(index|rank(ing)?|decile|quintile|percentile|growth|rate|ratio|share|change)( \d+)?$"
)
#: Names of numbers that are percentages, however large.
PERCENT_SIGN = late_pattern(r"%|percent|pct|prozent|pourcentage|porcentaje", re.IGNORECASE)
MAX_PERCENT = 10_000
#: What counts rows that follow each other, though each has a number of its own.
STEP_NAME = late_pattern(
    r"(^|[^a-z])(week|day|month|hour|minute|second|time|timepoint|step|tick|period|quarter|round|epoch"
    r"|lap|generation|iteration)([^a-z]|s?$)|^t$|^number of \w+$",
)
#: What numbers one by one may be that the others run along, though each row has one of its own.
AXIS_NAME = late_pattern(r"\b(ages?|dos(e|age)|depth|distance|altitude|elevation)( (in )?\w+)?$")
#: A coordinate's name, whose it is, and its number where there are several.
_COORDINATE = r"^(?P<of>.*[^a-z])?({})( (deg|degrees|dd|decimal|wgs ?84))?(?P<number> ?\d+)?$"
#: Before a breadth or a length that is one of the globe.
_GEO = r"(geogr?\w*|gps) ?"
_LATITUDES = (
    rf"lat|latt?itude?|latitudine?|breitengrade?|{_GEO}breite|breedtegraad|bredd(e)?grad"
    r"|szer(oko(ść|sc))? geogr\w*|широта|enlem|緯度|纬度|위도"
)
_LONGITUDES = (
    rf"lon|lng|long|longt?itude?|longitudine?|l(ä|ae)ngengrade?|{_GEO}l(ä|ae)nge|lengtegraad"
    r"|længdegrad|lengdegrad|d(ł|l)ug(ość|osc)? geogr\w*|долгота|boylam|経度|经度|경도"
)
LATITUDE_NAME = late_pattern(_COORDINATE.format(_LATITUDES), re.IGNORECASE)
LONGITUDE_NAME = late_pattern(_COORDINATE.format(_LONGITUDES), re.IGNORECASE)
# After a number the sign says which quantile or level it is, not in what it is counted.
PERCENT_NAME = late_pattern(
    r"((?<![0-9])(?<![0-9] )%|(?<=[0-9]{4})%|(?<=[0-9]{4} )%|percent)"
    r"(?! (confidence |credible )?(interval|ci)\b)|pct|(^|[^a-z])perc([^a-z]|$)"
    r"|(^|[^a-z])(share|rate|ratio|proportion|fraction)([^a-z]|$)"
    r"|anteil$|[a-zäöüß]quote$|prozent|pourcentage|porcentaje|^(taux|tasa)\b",
    re.IGNORECASE,
)
#: Rates of something else than parts of a whole, and ratios that are not of a part to it.
NO_PERCENT_NAME = late_pattern(
    r"\b(learning|decay|heart|pulse|respirat(ory|ion)|breathing|metabolic|frame|refresh|scan|clock"
    r"|sampl(e|ing)|bit|baud|data|flow|fire|run|exchange|fx|forex|hourly|daily|nightly|weekly"
    r"|monthly|room|day|pay|wage|billing|rental|freight|postal) rates?\b"
    r"|\b(odds|hazard|risk|rate|likelihood|sharpe|sortino|aspect|compression|gear|axle|pe|pb|p e"
    r"|p b|price|earnings|noise|student|teacher|pupil|staff) ratios?\b"
)
CURRENCY_NAME = late_pattern(
    r"[$€£¥]|(^|[^a-z])(price|cost|revenue|sales|salary|income|fare|usd|eur|gbp|amount|budget|gross|profit|spend"
    r"|tip|bill|umsatz|betrag|kosten|gehalt|einkommen|lohn|erlös|prix|montant|salaire|revenus?|coût"
    r"|precio|importe|ingresos|salario|coste)([^a-z]|$)|preis$",
    re.IGNORECASE,
)
COUNTRY_NAME = late_pattern(
    r"(^|[^a-z])(country|countries|nation|iso3?|country_?code|staat|pays|país|pais)([^a-z]|$)|^land$",
    re.IGNORECASE,
)
#: Names of quantities that do not add up: a sum of them means nothing.
INTENSIVE_NAME = late_pattern(
    r"(^|[^a-z])(age|years?|yrs?|tenure|experience|seniority|rate|ratio|percent|pct|share|mean|avg|average|median|score|rating|index|temp|temperature|speed"
    r"|balance|saldo|solde|kontostand|voltage|volts?|battery|ph|rh|angle|bearing|heading|azimuth|dir|direction"
    r"|deg|hpa|kpa|mbar|celsius|fahrenheit|kelvin|latency|height|width|length|depth|density|pressure|humidity|price|year|lat|lon|latitude|longitude|mpg|bmi|grade"
    r"|[pq] ?val(ue)?s?|fdr|p ?adj|statistic"
    r"|level|rank|probability|std|sd|(?<!time )(?<!dauer )(?<!duration )min"
    r"|max|per|percap|capita|proportion|incidence|prevalence"
    r"|expectancy|life ?exp|horsepower|hp|acceleration|displacement|hardness)"
    r"([^a-z]|$)",
    re.IGNORECASE,
)
_EACH = (
    r"(10+ ?)?(kg|g|mg|t|m?l|[ckm]?m[23²³]?|mi|ha|h|hrs?|hour|s|sec|min|d|days?|weeks?|wk"
    r"|months?|mo|years?|yr|tag|woche|monat|jahr|[kmg]wh|gj|inv|capita|head|person|pupil|unit"
    r"|sq ?ft|sqm|kvm|sf)"
)
#: Names of what there is of one thing for each of another (€/m2, t_ha; not profit and loss), of
#: prices and concentrations, and of answers on a scale (0-10), which do not add up either.
EACH_NAME = late_pattern(
    rf"(?<!\bp)/ ?{_EACH}([^a-z\d]|$)"
    r"|[^a-z](eur|usd|gbp|chf|€|£|\$|[mk]?g|t|k_?wh|prix|tarif\w*)[_ ]"
    r"(m[23²³]|kg|ha|km2?|l|[km]wh)$"
    r"|(^|[^a-z])(preis|prix|prezzo|precio|pris|spec|specific|spez|k?hz|db[am]?|pp[mb])([^a-z]|$)"
    r"|\(\d+ ?[-–] ?\d+\)$",
    re.IGNORECASE,
)
#: Names of a number that only another column tells the meaning of.
VALUE_NAME = late_pattern(
    r"(obs |observation |data |observed )?(values?|amounts?|figures?|estimates?)"
)
#: Names of columns that say in what a number is measured, and what it is.
UNIT_NAME = late_pattern(r"\b(units?|uom|currency|currencies|ccy)\b")
ABOUT_NAME = late_pattern(
    r"\b(units?|uom|measures?|measurements?|metrics?|indicators?|series|statistics?)\b"
)
#: Words for numbers that do not add up, and for money, in the texts of such columns.
RATE_TEXT = late_pattern(
    r"%|\b(per|rates?|ratios?|percent(age)?s?|pct|proportions?|shares?|index|indices|means?|medians?"
    r"|averages?|incidence|prevalence|expectancy|life ?exp|density)\b",
    re.IGNORECASE,
)
UNIT_TEXT = late_pattern(
    r"[%°$€£¥]|\b([A-Z]{3}|(?i:per|percent(age)?|numbers?|counts?|index|hundreds?|thousands?"
    r"|millions?|billions?|persons?|people|years?|days?|hours?|dollars?|euros?|pounds?|tonnes?"
    r"|tons?|[kmµ]?g|lbs?|[kcm]?m2?|miles?|[mc]?l|lit(re|er)s?|ha|[kmgt]?wh?|[km]?j|ratio|rate"
    r"|score|points?))\b"
)
CURRENCY_CODE = late_pattern(r"[A-Z]{3}")
#: The same in full, and words for what was reckoned in one.
MONEY_WORD = late_pattern(
    r"\b(dollars?|euros?|sterling|yen|yuan|renminbi|rupees?|reais|roubles?|rubles?|francs?|franken"
    r"|kron(a|er?|or)|zloty|forint|lira|pesos? mexicanos|ppp|converted|conv|base currency)\b"
)
COMMON_CURRENCIES = frozenset(
    ("USD", "EUR", "GBP", "JPY", "CNY", "INR", "CAD", "AUD", "CHF", "BRL", "MXN", "SEK")
)
#: Names of numbers that stand for something that another column names.
LABEL_NAME = late_pattern(r"\b(num|number|nr|no|id|idx|index|key|iso|code|ref)\b")
#: Names of columns that say in fewer or stranger words what another says.
SHORT_NAME = late_pattern(
    r"\b(short|abb?r\w*|codes?|id|slug|key|scientific|latin|alt|symbol|ticker|sku|iso|iso ?[23]"
    r"|ean|gtin|upc|asin|fips|k(ü|ue)rzel|c(o|ó)digo|codice)\b"
)
#: Texts of codes: neither small letters nor blanks.
CODE_LABEL = late_pattern(r"[A-Z0-9][A-Z0-9_./-]{0,15}")
#: Numbers of a calendar or a clock by their names, each with the largest that there is.
CALENDAR: tuple[tuple[re.Pattern[str], int], ...] = (
    (late_pattern(r"\b(day( of (the )?month)?|tag|jour|día|giorno)$"), 31),
    (late_pattern(r"\b((month|mon)( of (the )?year)?|monat|mois|mes|mese)$"), 12),
    (late_pattern(r"\b(weekday|dow|day of (the )?week|wochentag)$"), 7),
    (late_pattern(r"\b(week|week of (the )?year|kw|(kalender)?woche|se(maine|mana|ttimana))$"), 53),
    (late_pattern(r"\b(hour( of (the )?day)?|stunde|heure|hora)$"), 24),
    (late_pattern(r"\bminute( of (the )?hour)?$"), 59),
    (late_pattern(r"\b(quarter|quartal|trimestre)$"), 4),
    (late_pattern(r"\b(season|jahreszeit|saison|estaci(ó|o)n|stagione)$"), 4),
)


@lru_cache(maxsize=4096)
def split_name(name: str) -> str:
    """Return a column's name in lower case with camelCase, dots and underscores as spaces.

    Examples
    --------
    >>> split_name("unitPrice_USD")
    'unit price usd'
    """
    return spaced_name(name).lower()


@lru_cache(maxsize=4096)
def calendar_limit(name: str) -> int:
    """Return the largest number of what a column's name says of a calendar; -1 for other names.

    Examples
    --------
    >>> calendar_limit("depHour"), calendar_limit("price")
    (24, -1)
    """
    spaced = split_name(name)
    return max((most for said, most in CALENDAR if said.search(spaced)), default=-1)


def spaced_name(name: str) -> str:
    """Return a column's name as `split_name` does, its capitals as they are.

    Examples
    --------
    >>> spaced_name("unitPrice_USD")
    'unit Price USD'
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", spaced).strip()
