"""What the people of the generated conversations say, in several languages: plain data.

Everything is invented. Words repeat across sentences and places on purpose, so that queries find
some conversations and miss others; the names end in example domains that belong to nobody.
"""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "cs": (
        "Dobrý den, kde je moje objednávka číslo AB-10025?",
        "Zásilka ještě nedorazila, můžete to prosím zkontrolovat",
        "Chci vrátit boty, jsou mi malé. Jak dostanu peníze zpět?",
        "Objednávka byla odeslána včera, dorazí zítra dopoledne.",
        "Děkuji za rychlou pomoc, hezký den! 👍",
        "Reklamaci vyřídíme do 30 dnů, peníze vrátíme na účet",
        "Napište nám na podpora@obchod.example nebo zavolejte +420 777-123-456",
        "Objednavka bez hacku a carek, prosim o fakturu",
    ),
    "de": (
        "Guten Tag, wo bleibt meine Bestellung AB-10025/7?",
        "Die Rückerstattung dauert fünf bis sieben Werktage.",
        "Können Sie mir die Rechnung per E-Mail schicken?",
        "Ich möchte die Schuhe in Größe 42,5 umtauschen",
        "Vielen Dank für die schnelle Hilfe 😊",
        "Der Gutschein-Code SOMMER-2024 funktioniert nicht",
        "Straße und Hausnummer stehen auf der Rechnung vom 31.03.2024",
    ),
    "en": (
        "Hello, where is my order AB-10025? It hasn't arrived yet.",
        "I don't want a voucher, I want a refund please",
        "That's fine, thank you for the quick help!",
        "The gift card code isn't working, it says SUMMER_2024 expired",
        "Please send the invoice to anna.smith+shop@mail.example",
        "You can track the parcel at https://track.example/parcels/10025?lang=en",
        "Refund refund refund, I have asked three times already",
        "Delivery to Ireland costs 4.90, delivery to Austria is free",
    ),
    "fr": (
        "Bonjour, où est ma commande ? L'adresse a changé.",
        "Je n'ai pas reçu le colis, c'est urgent",
        "Le remboursement arrive aujourd'hui ou demain",
        "Merci beaucoup pour l’aide, à bientôt 👋🏽",
    ),
    "ja": (
        "こんにちは、注文番号AB-10025の配送状況を教えてください。",
        "東京都への送料はいくらですか？",
        "新しいiPhoneのケースを返品したいです",
        "ありがとうございます😊日本語で大丈夫です",
        "京都と東京の店舗で受け取れます",
        "本 を 日 本 で 買う",
    ),
    "th": (
        "สวัสดีค่ะ ของยังไม่มาเลย",
        "ขอคืนเงินได้ไหมคะ หมายเลขคำสั่งซื้อ AB-10025",
        "ขอบคุณมากค่ะ 🙏",
        "ส่งของไปกรุงเทพใช้เวลากี่วัน",
    ),
    "ko": (
        "안녕하세요, 주문한 상품이 아직 안 왔어요",
        "환불을 요청하고 싶습니다",
        "서울로 배송해 주세요 👍🏻",
    ),
    "el": ("Καλημέρα, πού είναι η παραγγελία μου;", "Ευχαριστώ πολύ για τη βοήθεια"),
    "ar": ("مرحبا، أين طلبي رقم ١٠٠٢٥؟", "شكرا جزيلا على المساعدة"),
}
"""Sentences by language; the Japanese ones hold runs, single characters and Latin words."""

ODDMENTS: Final = (
    "👍", "👍🏽", "👨‍👩‍👧", "🇨🇿", "❤️", "⚠️ AB-10025", "don’t", "dont", "10025", "ab10025",
    "AB.10025",
    "https://obchod.example/cs/boty_damske?id=42#popis", "www.obchod.example",
    "info@obchod.example",
    "C++ C# .NET", "3.14", "1,234,567", "rock'n'roll", "OR", "AND", "->", "...", "!!!", "ﬁne", "①",
    "日", "日本", "本", "ＡＢ－１００２５", "e-mail", "email", "x" * 100, "x" * 101, "y" * 230,
)  # fmt: skip
"""Pieces that break simple tokenizers; some hold no token at all."""

VISITORS: Final = (
    ("Dušan Kmeť", "dusan.kmet@mail.example", "Brno", "Česko"),
    ("Anna Smith", "anna.smith+shop@mail.example", "Dublin", "Ireland"),
    ("Jürgen Groß", "j.gross@post.example", "Köln", "Deutschland"),
    ("山田 太郎", "taro@yubin.example", "東京都", "日本"),
    ("สมชาย ใจดี", "", "กรุงเทพ", "ไทย"),
    ("Maeve O'Brien", "maeve_obrien@mail.example", "", "Ireland"),
    ("", "guest-17@mail.example", "Praha", ""),
    ("", "", "", ""),
)
"""Name, e-mail, city, country as text."""

AGENTS: Final = (
    "Jana Nováková", "John Doe", "Łukasz  Żak", "Maeve O'Brien", "Søren Weiß", "田中 花子",
    "jana nováková",
)  # fmt: skip
"""Two of them are one person when folded; one has two spaces."""

COUNTRIES: Final = ("CZ", "cz", "DE", "IE", "JP", "TH", "AT", None, "", "XXX", 42, "1Z")
"""Country codes as sent; the later ones count as none."""
RATINGS: Final = (5, 3, 1, None, None, None, 4, 2, 0, -1, 10, 5.0, "5", True)
"""Ratings as sent; the last three are of a wrong type and count as not sent."""
COMMENTS: Final = (None, "", "Great help, thank you", "Příliš pomalé", "とても親切でした", "👎")
NOTES: Final = (None, "", "VIP customer", "zákazník z Brna", "calls about order AB-10025")
GROUPS: Final = (None, "", "support", "Prodej", "返品")
TRIGGERS: Final = (
    "Can I help you?", "Mohu vám pomoci s objednávkou?", "Kann ich Ihnen helfen?",
    "何かお手伝いしましょうか？", "Free delivery this week 🎉",
)  # fmt: skip
EVENTS: Final = ("agent.join", "close.visitorClose", "chat.transfer", "no.such.code")
PAGES: Final = (
    ("https://obchod.example/cs/boty", "Boty pro dámy | Obchod"),
    ("https://shop.example/en/gift-cards?utm_source=mail", "Gift cards"),
    ("https://shop.example/de/schuhe/groesse-42", "Schuhe in Größe 42"),
    ("", "返品について"),
    ("https://shop.example/", ""),
)
VARIABLES: Final[tuple[object, ...]] = (
    None,
    [],
    {"plan": "pro", "orders": 17, "newsletter": True, "spent": 1234.5},
    {"userId": {"label": "User ID", "value": "U-2041"}, "vip": {"label": "VIP", "value": True}},
    {"last": {"value": "AB-10025"}, "note": {"label": "Poznámka", "value": None}},
)
"""The four forms in which shops send their variables."""
