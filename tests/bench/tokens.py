"""Keys and tokens as their makers write them. None is real: what follows the beginning is drawn."""

import base64
import json
import string

ALL = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"
# The parts of each: text as it stands, or an alphabet and how many of it.
FORMS = {
    "aws key id": ["AKIA", (UPPER, 16)],
    "github": ["ghp_", (ALL, 36)],
    "github fine": ["github_pat_", (ALL, 22), "_", (ALL, 59)],
    "gitlab": ["glpat-", (ALL + "_-", 20)],
    "slack": ["xoxb-", (string.digits, 12), "-", (string.digits, 12), "-", (ALL, 24)],
    "slack webhook": ["https://hooks.slack.com/services/T", (UPPER, 8), "/B", (UPPER, 8), "/", (ALL, 24)],
    "stripe": ["sk_live_", (ALL, 24)],
    "stripe webhook": ["whsec_", (ALL, 32)],
    "openai": ["sk-proj-", (ALL + "_-", 74), "T3BlbkFJ", (ALL + "_-", 74)],
    "anthropic": ["sk-ant-api03-", (ALL + "_-", 93), "AA"],
    "openrouter": ["sk-or-v1-", (HEX, 64)],
    "hugging face": ["hf_", (string.ascii_letters, 34)],
    "groq": ["gsk_", (ALL, 52)],
    "replicate": ["r8_", (ALL, 37)],
    "perplexity": ["pplx-", (ALL, 48)],
    "npm": ["npm_", (ALL, 36)],
    "pypi": ["pypi-AgEIcHlwaS5vcmc", (ALL + "_-", 80)],
    "google api": ["AIza", (ALL + "_-", 35)],
    "google oauth": ["ya29.", (ALL + "_-", 80)],
    "google client": ["GOCSPX-", (ALL + "_-", 28)],
    "sendgrid": ["SG.", (ALL + "_-", 22), ".", (ALL + "_-", 43)],
    "digitalocean": ["dop_v1_", (HEX, 64)],
    "shopify": ["shpat_", (HEX, 32)],
    "databricks": ["dapi", (HEX, 32)],
    "twilio": ["SK", (HEX, 32)],
    "telegram": [(string.digits[1:], 10), ":AA", (ALL + "_-", 33)],
    "vault": ["hvs.", (ALL + "_-", 95)],
    "private key": ["-----BEGIN RSA PRIVATE KEY-----"],
}


def secret(rng, _):
    """One of them, or a token of the web's (RFC 7519), with the maker."""
    maker = rng.choice([*FORMS, "jwt"])
    if maker == "jwt":
        parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": str(rng.getrandbits(40)), "iat": rng.getrandbits(31)}]
        coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return ".".join([*coded, "".join(rng.choice(ALL) for _ in range(43))]), maker
    said = (part if isinstance(part, str) else "".join(rng.choice(part[0]) for _ in range(part[1])) for part in FORMS[maker])
    return "".join(said), maker
