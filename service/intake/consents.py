"""The native form of consents, as the edges read and write it."""

from service.standards.native.consent import ConsentBody, ConsentsBody, instant_text

__all__ = ["ConsentBody", "ConsentsBody", "instant_text"]
