"""Where the seeded customers come from, what they are called there, and what they browse with.

City, region, time zone and coordinates belong together; a person's name is spelled as it is at
home. All the people are made up. Addresses on the network come only from the ranges that are
reserved for documentation (RFC 5737, RFC 3849).
"""

# ruff: noqa: E501  (a table is read by the row)

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Place:
    """A city as the platform's geolocation names it.

    `utc_offset` is in hours, in the northern summer; `names` and `language` are keys of `NAMES`
    and of the phrases; `weight` says how many customers come from there.
    """

    country: str
    country_code: str
    region: str
    city: str
    timezone: str
    latitude: str
    longitude: str
    utc_offset: float
    names: str
    language: str
    weight: int


@cache
def geolocation(place: Place) -> dict[str, str]:
    """Return the object that the platform shows of a place. Coordinates are strings there."""
    return {
        "country": place.country,
        "country_code": place.country_code,
        "region": place.region,
        "city": place.city,
        "timezone": place.timezone,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


# fmt: off
PLACES = (
    Place("Germany", "DE", "Berlin", "Berlin", "Europe/Berlin", "52.5200066", "13.4049540", 2, "de", "de", 9),
    Place("Germany", "DE", "Bavaria", "Munich", "Europe/Berlin", "48.1351253", "11.5819806", 2, "de", "de", 5),
    Place("United Kingdom", "GB", "England", "London", "Europe/London", "51.5073509", "-0.1277583", 1, "en", "en", 9),
    Place("United Kingdom", "GB", "Scotland", "Glasgow", "Europe/London", "55.8642370", "-4.2518060", 1, "en", "en", 4),
    Place("Ireland", "IE", "Munster", "Cork", "Europe/Dublin", "51.8985143", "-8.4756035", 1, "en", "en", 3),
    Place("United States", "US", "New York", "New York", "America/New_York", "40.7127753", "-74.0059728", -4, "en", "en", 8),
    Place("United States", "US", "Oregon", "Portland", "America/Los_Angeles", "45.5152320", "-122.6783853", -7, "en", "en", 5),
    Place("United States", "US", "Texas", "Austin", "America/Chicago", "30.2671530", "-97.7430608", -5, "es", "en", 3),
    Place("Canada", "CA", "Quebec", "Montreal", "America/Toronto", "45.5018869", "-73.5673919", -4, "fr", "fr", 4),
    Place("Australia", "AU", "Victoria", "Melbourne", "Australia/Melbourne", "-37.8136276", "144.9630576", 10, "en", "en", 3),
    Place("France", "FR", "Auvergne-Rhone-Alpes", "Lyon", "Europe/Paris", "45.7640430", "4.8356590", 2, "fr", "fr", 6),
    Place("France", "FR", "Bretagne", "Rennes", "Europe/Paris", "48.1172660", "-1.6777926", 2, "fr", "fr", 3),
    Place("Switzerland", "CH", "Zurich", "Zurich", "Europe/Zurich", "47.3768866", "8.5416940", 2, "de", "de", 3),
    Place("Spain", "ES", "Catalonia", "Barcelona", "Europe/Madrid", "41.3873974", "2.1685680", 2, "es", "es", 5),
    Place("Mexico", "MX", "Jalisco", "Guadalajara", "America/Mexico_City", "20.6596988", "-103.3496092", -6, "es", "es", 3),
    Place("Argentina", "AR", "Cordoba", "Cordoba", "America/Argentina/Cordoba", "-31.4200833", "-64.1887761", -3, "es", "es", 2),
    Place("Portugal", "PT", "Porto", "Porto", "Europe/Lisbon", "41.1579438", "-8.6291053", 1, "pt", "pt", 3),
    Place("Brazil", "BR", "Sao Paulo", "São Paulo", "America/Sao_Paulo", "-23.5505199", "-46.6333094", -3, "pt", "pt", 6),
    Place("Italy", "IT", "Piedmont", "Turin", "Europe/Rome", "45.0703393", "7.6868640", 2, "it", "it", 4),
    Place("Netherlands", "NL", "Utrecht", "Utrecht", "Europe/Amsterdam", "52.0907374", "5.1214201", 2, "nl", "en", 4),
    Place("Sweden", "SE", "Vastra Gotaland", "Gothenburg", "Europe/Stockholm", "57.7088700", "11.9745600", 2, "sv", "en", 4),
    Place("Iceland", "IS", "Capital Region", "Reykjavik", "Atlantic/Reykjavik", "64.1465820", "-21.9426354", 0, "is", "en", 1),
    Place("Poland", "PL", "Dolnoslaskie", "Wroclaw", "Europe/Warsaw", "51.1078852", "17.0385376", 2, "pl", "pl", 6),
    Place("Czechia", "CZ", "South Moravian", "Brno", "Europe/Prague", "49.1950602", "16.6068371", 2, "cs", "en", 3),
    Place("Hungary", "HU", "Budapest", "Budapest", "Europe/Budapest", "47.4979120", "19.0402350", 2, "hu", "en", 2),
    Place("Ukraine", "UA", "Lviv", "Lviv", "Europe/Kyiv", "49.8396830", "24.0297170", 3, "uk", "uk", 3),
    Place("Bulgaria", "BG", "Plovdiv", "Plovdiv", "Europe/Sofia", "42.1354079", "24.7452904", 3, "bg", "en", 2),
    Place("Greece", "GR", "Attica", "Athens", "Europe/Athens", "37.9838096", "23.7275388", 3, "el", "el", 3),
    Place("Turkiye", "TR", "Izmir", "Izmir", "Europe/Istanbul", "38.4237340", "27.1428260", 3, "tr", "tr", 3),
    Place("Israel", "IL", "Haifa", "Haifa", "Asia/Jerusalem", "32.7940463", "34.9895710", 3, "he", "he", 2),
    Place("Jordan", "JO", "Amman", "Amman", "Asia/Amman", "31.9539494", "35.9106350", 3, "ar", "ar", 2),
    Place("Morocco", "MA", "Rabat-Sale-Kenitra", "Rabat", "Africa/Casablanca", "34.0208820", "-6.8416500", 1, "ar", "fr", 2),
    Place("Nigeria", "NG", "Lagos", "Lagos", "Africa/Lagos", "6.5243793", "3.3792057", 1, "yo", "en", 2),
    Place("Kenya", "KE", "Nairobi", "Nairobi", "Africa/Nairobi", "-1.2920659", "36.8219462", 3, "sw", "en", 1),
    Place("India", "IN", "Karnataka", "Bengaluru", "Asia/Kolkata", "12.9715987", "77.5945627", 5.5, "hi", "hi", 4),
    Place("Japan", "JP", "Kyoto", "Kyoto", "Asia/Tokyo", "35.0116363", "135.7680294", 9, "ja", "ja", 4),
    Place("Taiwan", "TW", "Taipei City", "Taipei", "Asia/Taipei", "25.0329694", "121.5654177", 8, "zh", "zh", 2),
    Place("South Korea", "KR", "Busan", "Busan", "Asia/Seoul", "35.1795543", "129.0756416", 9, "ko", "ko", 2),
    Place("Vietnam", "VN", "Da Nang", "Da Nang", "Asia/Ho_Chi_Minh", "16.0544068", "108.2021667", 7, "vi", "en", 2),
    Place("Thailand", "TH", "Chiang Mai", "Chiang Mai", "Asia/Bangkok", "18.7883439", "98.9853008", 7, "th", "en", 1),
)
# fmt: on

# A name as it is written at home, and the part of an e-mail address that is made of it.
NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Grace Holloway", "grace.holloway"),
        ("Declan O'Sullivan", "declan.osullivan"),
        ("Maya Whitfield", "maya.whitfield"),
        ("Theo Castellan", "theo.castellan"),
        ("Imogen Hartley", "imogen.hartley"),
        ("Marcus Bell", "mbell"),
        ("Saoirse Ní Bhriain", "saoirse.nibhriain"),
        ("Callum Fraser", "callum.fraser"),
        ("Zadie Okonkwo-Reed", "zadie.okonkwo.reed"),
        ("Harriet Lowe", "harriet.lowe"),
        ("Desmond Achebe", "desmond.achebe"),
        ("Wren Ashby", "wren.ashby"),
        ("Ruby Tran", "ruby.tran"),
        ("Elliot Marsh", "elliot.marsh"),
    ),
    "de": (
        ("Jürgen Groß", "juergen.gross"),
        ("Annika Schröder", "annika.schroeder"),
        ("Lukas Weiß", "lukas.weiss"),
        ("Käthe Brömmel", "kaethe.broemmel"),
        ("Miriam Öztürk", "miriam.oeztuerk"),
        ("Felix Hohenstein", "felix.hohenstein"),
        ("Beate Mühlberger", "beate.muehlberger"),
        ("Tobias Krämer", "tobias.kraemer"),
    ),
    "fr": (
        ("Élodie Lefèvre", "elodie.lefevre"),
        ("François Bélanger", "francois.belanger"),
        ("Noémie Gagné", "noemie.gagne"),
        ("Théo Marchand", "theo.marchand"),
        ("Anaïs Delacroix", "anais.delacroix"),
        ("Loïc Kervella", "loic.kervella"),
        ("Aïcha Benali", "aicha.benali"),
    ),
    "es": (
        ("María José Núñez", "mj.nunez"),
        ("Íñigo Arrizabalaga", "inigo.arrizabalaga"),
        ("Lucía Peña", "lucia.pena"),
        ("Andrés Güemes", "andres.guemes"),
        ("Ximena Ortiz", "ximena.ortiz"),
        ("Joaquín Sáenz", "joaquin.saenz"),
    ),
    "pt": (
        ("João Magalhães", "joao.magalhaes"),
        ("Conceição Araújo", "conceicao.araujo"),
        ("Thaís Guimarães", "thais.guimaraes"),
        ("Caio Fontoura", "caio.fontoura"),
        ("Inês Simões", "ines.simoes"),
        ("Luís Brandão", "luis.brandao"),
    ),
    "it": (
        ("Niccolò Ferraris", "niccolo.ferraris"),
        ("Chiara Bonetti", "chiara.bonetti"),
        ("Giosuè Marchetti", "giosue.marchetti"),
        ("Ilaria D'Amico", "ilaria.damico"),
    ),
    "nl": (
        ("Sanne van der Berg", "sanne.vanderberg"),
        ("Joris de Vries", "joris.devries"),
        ("Zoë Hendriks", "zoe.hendriks"),
    ),
    "sv": (
        ("Åsa Björkman", "asa.bjorkman"),
        ("Göran Sjöström", "goran.sjostrom"),
        ("Elin Östberg", "elin.ostberg"),
    ),
    "is": (("Sigríður Þórsdóttir", "sigridur.thorsdottir"), ("Ægir Jónsson", "aegir.jonsson")),
    "pl": (
        ("Małgorzata Wójcik", "malgorzata.wojcik"),
        ("Łukasz Dąbrowski", "lukasz.dabrowski"),
        ("Zofia Kaźmierczak", "zofia.kazmierczak"),
        ("Paweł Gęsicki", "pawel.gesicki"),
        ("Jagna Świątek", "jagna.swiatek"),
    ),
    "cs": (("Tereza Dvořáková", "tereza.dvorakova"), ("Ondřej Říha", "ondrej.riha")),
    "hu": (("Kovács Ágnes", "agnes.kovacs"), ("Szőke Gergő", "gergo.szoke")),
    "uk": (
        ("Оксана Шевчук", "oksana.shevchuk"),
        ("Богдан Іваненко", "bohdan.ivanenko"),
        ("Лариса Ґудзь", "larysa.gudz"),
    ),
    "bg": (("Десислава Петрова", "desislava.petrova"), ("Калоян Стоянов", "kaloyan.stoyanov")),
    "el": (
        ("Ελένη Παπαδάκη", "eleni.papadaki"),
        ("Γιώργος Αντωνίου", "giorgos.antoniou"),
        ("Θεοδώρα Ξένου", "theodora.xenou"),
    ),
    "tr": (("Ayşe Gülşen Yıldız", "aysegulsen"), ("İbrahim Çağlar", "ibrahim.caglar")),
    "he": (("נועה ברקוביץ", "noa.berkovich"), ("איתן שגב", "eitan.segev")),
    "ar": (
        ("ليلى الخطيب", "layla.alkhatib"),
        ("يوسف بن عمر", "youssef.benomar"),
        ("هدى المنصوري", "huda.almansouri"),
    ),
    "yo": (("Adébáyọ̀ Ògúnlẹ́sì", "adebayo.ogunlesi"), ("Tèmítọ́pẹ́ Àjàyí", "temitope.ajayi")),
    "sw": (("Wanjiru Kamau", "wanjiru.kamau"), ("Baraka Mwangi", "baraka.mwangi")),
    "hi": (
        ("अनन्या शर्मा", "ananya.sharma"),
        ("रोहन कुलकर्णी", "rohan.kulkarni"),
        ("मीरा अय्यर", "meera.iyer"),
        ("कबीर जोशी", "kabir.joshi"),
    ),
    "ja": (
        ("佐藤 美咲", "misaki.sato"),
        ("高橋 健太郎", "kentaro.takahashi"),
        ("渡辺 さくら", "sakura.watanabe"),
        ("マルティン 陽子", "yoko.martin"),
    ),
    "zh": (("陳怡君", "yijun.chen"), ("林志豪", "zhihao.lin"), ("黃淑芬", "shufen.huang")),
    "ko": (("김서연", "seoyeon.kim"), ("박지훈", "jihun.park"), ("이하늘", "haneul.lee")),
    "vi": (("Nguyễn Thị Hồng Ánh", "honganh.nguyen"), ("Trần Đức Khôi", "duckhoi.tran")),
    "th": (("ณัฐวุฒิ ศรีสุข", "nattawut.srisuk"), ("พิมพ์ชนก ใจดี", "pimchanok.jaidee")),
}

MAIL_DOMAINS = ("example.com", "example.org", "example.net")
DOCUMENTATION_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")

# fmt: off
USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-A556B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Android 14; Mobile; rv:139.0) Gecko/139.0 Firefox/139.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0",
)
# fmt: on

REFERRERS = (
    "https://www.google.com/",
    "https://www.bing.com/",
    "https://duckduckgo.com/",
    "https://www.instagram.com/",
    "https://www.pinterest.com/",
    "https://news.example.com/spring-issue",
    "https://blog.example.net/ten-plants-for-dark-rooms",
)
