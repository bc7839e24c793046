import type { CountryCode } from 'libphonenumber-js/core'

/**
 * The countries that have telephone numbers: their ISO 3166-1 codes of two and three letters, and the names of each in
 * English, French, German, Spanish, Italian and Portuguese (Unicode CLDR 48), in the forms of ISO, and as people
 * say. Names that differ by accents, case or punctuation only are here once. They are not taken from
 * `Intl.DisplayNames`, whose names change with the runtime: the same file must give the same plan in each. A name of two
 * countries, such as Congo, is not here.
 */
export const COUNTRIES = `
AC - Ascension Island|Île de l’Ascension|Ascension|Isla de la Ascensión|Isola Ascensione|Ilha de Ascensão
AD AND Andorra|Andorre
AE ARE United Arab Emirates|Émirats arabes unis|Vereinigte Arabische Emirate|Emiratos Árabes Unidos|Emirati Arabi Uniti|Emirados Árabes Unidos|UAE|Emirates|VAE
AF AFG Afghanistan|Afganistán|Afeganistão
AG ATG Antigua & Barbuda|Antigua-et-Barbuda|Antigua und Barbuda|Antigua y Barbuda|Antigua e Barbuda
AI AIA Anguilla|Anguila
AL ALB Albania|Albanie|Albanien
AM ARM Armenia|Arménie|Armenien
AO AGO Angola
AR ARG Argentina|Argentine|Argentinien
AS ASM American Samoa|Samoa américaines|Amerikanisch-Samoa|Samoa Americana|Samoa Americane
AT AUT Austria|Autriche|Österreich
AU AUS Australia|Australie|Australien
AW ABW Aruba
AX ALA Åland Islands|Îles Åland|Ålandinseln|Islas Aland|Isole Åland|Ilhas Aland
AZ AZE Azerbaijan|Azerbaïdjan|Aserbaidschan|Azerbaiyán|Azerbaigian|Azerbaijão
BA BIH Bosnia & Herzegovina|Bosnie-Herzégovine|Bosnien und Herzegowina|Bosnia y Herzegovina|Bosnia ed Erzegovina|Bósnia e Herzegovina
BB BRB Barbados|Barbade
BD BGD Bangladesh|Bangladesch|Bangladés
BE BEL Belgium|Belgique|Belgien|Bélgica|Belgio
BF BFA Burkina Faso|Burquina Faso
BG BGR Bulgaria|Bulgarie|Bulgarien
BH BHR Bahrain|Bahreïn|Baréin
BI BDI Burundi
BJ BEN Benin
BL BLM St. Barthélemy|San Bartolomé|São Bartolomeu
BM BMU Bermuda|Bermudes|Bermudas
BN BRN Brunei|Brunei Darussalam
BO BOL Bolivia|Bolivie|Bolivien|Bolivia, Plurinational State of|Plurinational State of Bolivia
BQ BES Caribbean Netherlands|Pays-Bas caribéens|Karibische Niederlande|Caribe neerlandés|Caraibi Olandesi|Países Baixos Caribenhos|Bonaire, Sint Eustatius and Saba
BR BRA Brazil|Brésil|Brasilien|Brasil|Brasile
BS BHS Bahamas
BT BTN Bhutan|Bhoutan|Bután|Butão
BW BWA Botswana|Botsuana
BY BLR Belarus|Biélorussie|Bielorrusia|Bielorussia|Bielorrússia|Weißrussland
BZ BLZ Belize|Belice
CA CAN Canada|Kanada
CC CCK Cocos (Keeling) Islands|Îles Cocos|Kokosinseln|Islas Cocos|Isole Cocos (Keeling)|Ilhas Cocos (Keeling)
CD COD Congo - Kinshasa|Kongo-Kinshasa|República Democrática del Congo|Congo, The Democratic Republic of the|DRC|DR Congo|Congo DRC|Democratic Republic of the Congo|République démocratique du Congo|Demokratische Republik Kongo
CF CAF Central African Republic|République centrafricaine|Zentralafrikanische Republik|República Centroafricana|Repubblica Centrafricana
CG COG Congo - Brazzaville|Kongo-Brazzaville|República do Congo|Republic of the Congo|République du Congo|Republik Kongo|República del Congo
CH CHE Switzerland|Suisse|Schweiz|Suiza|Svizzera|Suíça
CI CIV Côte d’Ivoire|Costa d’Avorio|Costa do Marfim|Ivory Coast|Elfenbeinküste|Costa de Marfil
CK COK Cook Islands|Îles Cook|Cookinseln|Islas Cook|Isole Cook|Ilhas Cook
CL CHL Chile|Chili|Cile
CM CMR Cameroon|Cameroun|Kamerun|Camerún|Camarões
CN CHN China|Chine|Cina|PRC|People’s Republic of China|Volksrepublik China|P. R. China
CO COL Colombia|Colombie|Kolumbien
CR CRI Costa Rica
CU CUB Cuba|Kuba
CV CPV Cape Verde|Cap-Vert|Cabo Verde|Capo Verde|Kap Verde
CW CUW Curaçao|Curazao
CX CXR Christmas Island|Île Christmas|Weihnachtsinsel|Isla de Navidad|Isola Christmas|Ilha Christmas
CY CYP Cyprus|Chypre|Zypern|Chipre|Cipro
CZ CZE Czechia|Tchéquie|Tschechien|Chequia|Cechia|Tchéquia|Czech Republic|République tchèque|Tschechische Republik|República Checa|Repubblica Ceca|Česko
DE DEU Germany|Allemagne|Deutschland|Alemania|Germania|Alemanha|BRD|Federal Republic of Germany|Bundesrepublik Deutschland
DJ DJI Djibouti|Dschibuti|Yibuti|Gibuti|Djibuti
DK DNK Denmark|Danemark|Dinamarca|Danimarca|Danmark
DM DMA Dominica|Dominique
DO DOM Dominican Republic|République dominicaine|Dominikanische Republik|República Dominicana|Repubblica Dominicana
DZ DZA Algeria|Algérie|Algerien|Argelia
EC ECU Ecuador|Équateur|Equador
EE EST Estonia|Estonie|Estland|Eesti
EG EGY Egypt|Égypte|Ägypten|Egipto|Egitto|Egito
EH ESH Western Sahara|Sahara occidental|Westsahara|Sahara Occidentale|Saara Ocidental
ER ERI Eritrea|Érythrée|Eritreia
ES ESP Spain|Espagne|Spanien|España|Spagna|Espanha
ET ETH Ethiopia|Éthiopie|Äthiopien|Etiopía
FI FIN Finland|Finlande|Finnland|Finlandia|Suomi
FJ FJI Fiji|Fidji|Fidschi|Fiyi|Figi
FK FLK Falkland Islands|Îles Malouines|Falklandinseln|Islas Malvinas|Isole Falkland|Ilhas Malvinas|Falkland Islands (Malvinas)
FM FSM Micronesia|Micronésie|Mikronesien|Micronesia, Federated States of|Federated States of Micronesia
FO FRO Faroe Islands|Îles Féroé|Färöer|Islas Feroe|Isole Fær Øer|Ilhas Faroé
FR FRA France|Frankreich|Francia|França
GA GAB Gabon|Gabun|Gabão
GB GBR United Kingdom|Royaume-Uni|Vereinigtes Königreich|Reino Unido|Regno Unito|United Kingdom of Great Britain and Northern Ireland|UK|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|Grande-Bretagne|Großbritannien|Gran Bretaña|Gran Bretagna|Grã-Bretanha|Groot-Brittannië|Angleterre|Écosse|Inglaterra|Escocia|Inghilterra|Schottland|Nordirland
GD GRD Grenada|Grenade|Granada
GE GEO Georgia|Géorgie|Georgien
GF GUF French Guiana|Guyane française|Französisch-Guayana|Guayana Francesa|Guyana Francese|Guiana Francesa
GG GGY Guernsey|Guernesey
GH GHA Ghana|Gana
GI GIB Gibraltar|Gibilterra
GL GRL Greenland|Groenland|Grönland|Groenlandia
GM GMB Gambia|Gambie
GN GIN Guinea|Guinée|Guiné
GP GLP Guadeloupe|Guadalupe|Guadalupa
GQ GNQ Equatorial Guinea|Guinée équatoriale|Äquatorialguinea|Guinea Ecuatorial|Guinea Equatoriale|Guiné Equatorial
GR GRC Greece|Grèce|Griechenland|Grecia|Hellas
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau|Guinée-Bissau|Guinea-Bisáu|Guiné-Bissau
GY GUY Guyana|Guiana
HK HKG Hong Kong SAR China|R.A.S. chinoise de Hong Kong|Sonderverwaltungsregion Hongkong|RAE de Hong Kong (China)|RAS di Hong Kong|Hong Kong, RAE da China|Hong Kong|Hong Kong SAR
HN HND Honduras
HR HRV Croatia|Croatie|Kroatien|Croacia|Croazia|Hrvatska
HT HTI Haiti
HU HUN Hungary|Hongrie|Ungarn|Hungría|Ungheria|Magyarország
ID IDN Indonesia|Indonésie|Indonesien
IE IRL Ireland|Irlande|Irland|Irlanda|Republic of Ireland|Eire
IL ISR Israel|Israele
IM IMN Isle of Man|Île de Man|Isla de Man|Isola di Man|Ilha de Man
IN IND India|Inde|Indien
IO IOT British Indian Ocean Territory|Territoire britannique de l’océan Indien|Britisches Territorium im Indischen Ozean|Territorio Británico del Océano Índico|Territorio Britannico dell’Oceano Indiano|Território Britânico do Oceano Índico
IQ IRQ Iraq|Irak|Iraque
IR IRN Iran|Irã|Iran, Islamic Republic of|Islamic Republic of Iran
IS ISL Iceland|Islande|Island|Islandia|Islanda
IT ITA Italy|Italie|Italien|Italia
JE JEY Jersey
JM JAM Jamaica|Jamaïque|Jamaika|Giamaica
JO JOR Jordan|Jordanie|Jordanien|Jordania|Giordania
JP JPN Japan|Japon|Giappone|Japão
KE KEN Kenya|Kenia|Quênia
KG KGZ Kyrgyzstan|Kirghizstan|Kirgisistan|Kirguistán|Kirghizistan|Quirguistão
KH KHM Cambodia|Cambodge|Kambodscha|Camboya|Cambogia|Camboja
KI KIR Kiribati|Quiribati
KM COM Comoros|Comores|Komoren|Comoras|Comore
KN KNA St. Kitts & Nevis|Saint-Christophe-et-Niévès|St. Kitts und Nevis|San Cristóbal y Nieves|Saint Kitts e Nevis|São Cristóvão e Névis
KP PRK North Korea|Corée du Nord|Nordkorea|Corea del Norte|Corea del Nord|Coreia do Norte|Korea, Democratic People’s Republic of|DPRK|Democratic People’s Republic of Korea
KR KOR South Korea|Corée du Sud|Südkorea|Corea del Sur|Corea del Sud|Coreia do Sul|Korea, Republic of|Korea|Corée|Corea|Coreia|Republic of Korea
KW KWT Kuwait|Koweït
KY CYM Cayman Islands|Îles Caïmans|Kaimaninseln|Islas Caimán|Isole Cayman|Ilhas Cayman
KZ KAZ Kazakhstan|Kasachstan|Kazajistán|Kazakistan|Cazaquistão
LA LAO Laos|Lao People’s Democratic Republic
LB LBN Lebanon|Liban|Libanon|Líbano
LC LCA St. Lucia|Sainte-Lucie|Santa Lucía
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho|Lesoto
LT LTU Lithuania|Lituanie|Litauen|Lituania|Lietuva
LU LUX Luxembourg|Luxemburg|Luxemburgo|Lussemburgo
LV LVA Latvia|Lettonie|Lettland|Letonia|Lettonia|Latvija
LY LBY Libya|Libye|Libyen|Libia
MA MAR Morocco|Maroc|Marokko|Marruecos|Marocco|Marrocos
MC MCO Monaco
MD MDA Moldova|Moldavie|Republik Moldau|Moldavia|Moldova, Republic of|Moldau|Republic of Moldova
ME MNE Montenegro
MF MAF St. Martin|San Martín|São Martinho|Saint Martin (French part)
MG MDG Madagascar|Madagaskar
MH MHL Marshall Islands|Îles Marshall|Marshallinseln|Islas Marshall|Isole Marshall|Ilhas Marshall
MK MKD North Macedonia|Macédoine du Nord|Nordmazedonien|Macedonia del Norte|Macedonia del Nord|Macedônia do Norte|Macedonia|Macédoine|Mazedonien
ML MLI Mali
MM MMR Myanmar (Burma)|Myanmar (Birmanie)|Myanmar|Myanmar (Birmania)|Mianmar (Birmânia)|Burma|Birmanie|Birmania|Birma
MN MNG Mongolia|Mongolie|Mongolei
MO MAC Macao SAR China|R.A.S. chinoise de Macao|Sonderverwaltungsregion Macau|RAE de Macao (China)|RAS di Macao|Macau, RAE da China|Macao|Macau|Macau SAR
MP MNP Northern Mariana Islands|Îles Mariannes du Nord|Nördliche Marianen|Islas Marianas del Norte|Isole Marianne Settentrionali|Ilhas Marianas do Norte
MQ MTQ Martinique|Martinica
MR MRT Mauritania|Mauritanie|Mauretanien
MS MSR Montserrat
MT MLT Malta|Malte
MU MUS Mauritius|Maurice|Mauricio
MV MDV Maldives|Malediven|Maldivas|Maldive
MW MWI Malawi|Malaui
MX MEX Mexico|Mexique|Mexiko|Messico
MY MYS Malaysia|Malaisie|Malasia
MZ MOZ Mozambique|Mosambik|Mozambico|Moçambique
NA NAM Namibia|Namibie
NC NCL New Caledonia|Nouvelle-Calédonie|Neukaledonien|Nueva Caledonia|Nuova Caledonia|Nova Caledônia
NE NER Niger
NF NFK Norfolk Island|Île Norfolk|Norfolkinsel|Isla Norfolk|Isola Norfolk|Ilha Norfolk
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands|Pays-Bas|Niederlande|Países Bajos|Paesi Bassi|Países Baixos|Holland|Hollande|Holanda|Olanda
NO NOR Norway|Norvège|Norwegen|Noruega|Norvegia|Norge
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand|Nouvelle-Zélande|Neuseeland|Nueva Zelanda|Nuova Zelanda|Nova Zelândia
OM OMN Oman|Omã
PA PAN Panama
PE PER Peru|Pérou
PF PYF French Polynesia|Polynésie française|Französisch-Polynesien|Polinesia Francesa|Polinesia Francese
PG PNG Papua New Guinea|Papouasie-Nouvelle-Guinée|Papua-Neuguinea|Papúa Nueva Guinea|Papua Nuova Guinea|Papua-Nova Guiné
PH PHL Philippines|Philippinen|Filipinas|Filippine
PK PAK Pakistan|Paquistão
PL POL Poland|Pologne|Polen|Polonia|Polska
PM SPM St. Pierre & Miquelon|Saint-Pierre-et-Miquelon|St. Pierre und Miquelon|San Pedro y Miquelón|Saint-Pierre e Miquelon|São Pedro e Miquelão
PR PRI Puerto Rico|Porto Rico
PS PSE Palestinian Territories|Territoires palestiniens|Palästinensische Autonomiegebiete|Territorios Palestinos|Territori Palestinesi|Palestine, State of|Palestine|Palestina|Palästina|Palestinian Territory
PT PRT Portugal|Portogallo
PW PLW Palau|Palaos
PY PRY Paraguay|Paraguai
QA QAT Qatar|Katar|Catar
RE REU Réunion|La Réunion|Riunione|Reunião
RO ROU Romania|Roumanie|Rumänien|Rumanía|Romênia
RS SRB Serbia|Serbie|Serbien|Sérvia|Srbija
RU RUS Russia|Russie|Russland|Rusia|Russian Federation|Russische Föderation|Fédération de Russie|Federación de Rusia
RW RWA Rwanda|Ruanda
SA SAU Saudi Arabia|Arabie saoudite|Saudi-Arabien|Arabia Saudí|Arabia Saudita|KSA
SB SLB Solomon Islands|Îles Salomon|Salomonen|Islas Salomón|Isole Salomone|Ilhas Salomão
SC SYC Seychelles|Seychellen|Seicheles
SD SDN Sudan|Soudan|Sudão
SE SWE Sweden|Suède|Schweden|Suecia|Svezia|Sverige
SG SGP Singapore|Singapour|Singapur|Singapura
SH SHN St. Helena|Sainte-Hélène|Santa Elena|Sant’Elena|Santa Helena|Saint Helena, Ascension and Tristan da Cunha
SI SVN Slovenia|Slovénie|Slowenien|Eslovenia|Slovenija
SJ SJM Svalbard & Jan Mayen|Svalbard et Jan Mayen|Spitzbergen und Jan Mayen|Svalbard y Jan Mayen|Svalbard e Jan Mayen
SK SVK Slovakia|Slovaquie|Slowakei|Eslovaquia|Slovacchia|Slovak Republic|Slovensko
SL SLE Sierra Leone|Sierra Leona|Serra Leoa
SM SMR San Marino|Saint-Marin
SN SEN Senegal
SO SOM Somalia|Somalie
SR SUR Suriname|Surinam
SS SSD South Sudan|Soudan du Sud|Südsudan|Sudán del Sur|Sudão do Sul
ST STP São Tomé & Príncipe|Sao Tomé-et-Principe|São Tomé und Príncipe|Santo Tomé y Príncipe|São Tomé e Príncipe
SV SLV El Salvador|Salvador
SX SXM Sint Maarten|Saint-Martin (partie néerlandaise)|Sint Maarten (Dutch part)
SY SYR Syria|Syrie|Syrien|Siria|Syrian Arab Republic
SZ SWZ Eswatini|Esuatini|Essuatíni|Swaziland
TA - Tristan da Cunha|Tristán de Acuña|Tristão da Cunha
TC TCA Turks & Caicos Islands|Îles Turques-et-Caïques|Turks- und Caicosinseln|Islas Turcas y Caicos|Isole Turks e Caicos|Ilhas Turcas e Caicos
TD TCD Chad|Tchad|Tschad|Ciad|Chade
TG TGO Togo
TH THA Thailand|Thaïlande|Tailandia|Thailandia
TJ TJK Tajikistan|Tadjikistan|Tadschikistan|Tayikistán|Tagikistan|Tadjiquistão
TK TKL Tokelau
TL TLS Timor-Leste|Timor oriental|Timor Est|East Timor|Osttimor
TM TKM Turkmenistan|Turcomenistão
TN TUN Tunisia|Tunisie|Tunesien|Túnez
TO TON Tonga
TR TUR Türkiye|Turquie|Türkei|Turquía|Turchia|Turkey
TT TTO Trinidad & Tobago|Trinité-et-Tobago|Trinidad und Tobago|Trinidad y Tobago|Trinidad e Tobago
TV TUV Tuvalu
TW TWN Taiwan|Taiwan, Province of China
TZ TZA Tanzania|Tanzanie|Tansania|Tanzania, United Republic of|United Republic of Tanzania
UA UKR Ukraine|Ucrania|Ucraina
UG UGA Uganda|Ouganda
US USA United States|États-Unis|Vereinigte Staaten|Estados Unidos|Stati Uniti|United States of America|America|EE. UU.|EUA|États-Unis d’Amérique|Vereinigte Staaten von Amerika|Estados Unidos de América|Stati Uniti d’America
UY URY Uruguay|Uruguai
UZ UZB Uzbekistan|Ouzbékistan|Usbekistan|Uzbequistão
VA VAT Vatican City|État de la Cité du Vatican|Vatikanstadt|Ciudad del Vaticano|Città del Vaticano|Cidade do Vaticano|Holy See (Vatican City State)|Vatican|Vatikan|Vaticano|Holy See
VC VCT St. Vincent & Grenadines|Saint-Vincent-et-les Grenadines|St. Vincent und die Grenadinen|San Vicente y las Granadinas|Saint Vincent e Grenadine|São Vicente e Granadinas|Saint Vincent and the Grenadines
VE VEN Venezuela|Venezuela, Bolivarian Republic of|Bolivarian Republic of Venezuela
VG VGB British Virgin Islands|Îles Vierges britanniques|Britische Jungferninseln|Islas Vírgenes Británicas|Isole Vergini Britanniche|Ilhas Virgens Britânicas|Virgin Islands, British
VI VIR U.S. Virgin Islands|Îles Vierges des États-Unis|Amerikanische Jungferninseln|Islas Vírgenes de EE. UU.|Isole Vergini Americane|Ilhas Virgens Americanas|Virgin Islands, U.S.
VN VNM Vietnam|Vietnã
VU VUT Vanuatu
WF WLF Wallis & Futuna|Wallis-et-Futuna|Wallis und Futuna|Wallis y Futuna|Wallis e Futuna
WS WSM Samoa
XK - Kosovo|XKX|XKK
YE YEM Yemen|Jemen|Iêmen
YT MYT Mayotte
ZA ZAF South Africa|Afrique du Sud|Südafrika|Sudáfrica|África do Sul|RSA
ZM ZMB Zambia|Zambie|Sambia
ZW ZWE Zimbabwe|Simbabwe|Zimbabue
`

/** Returns whether a text is the two-letter code, in capitals, of a country that has telephone numbers. */
export function isCountry(code: string): code is CountryCode {
  return /^[A-Z]{2}$/.test(code) && COUNTRIES.includes(`\n${code} `)
}
