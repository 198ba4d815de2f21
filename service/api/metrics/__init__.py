"""Figures for whoever watches the service, in Prometheus' text format."""

from service.api.metrics.board import Board, Shared
from service.api.metrics.requests import RequestFigures
from service.api.metrics.service import ServiceFigures

__all__ = ["Board", "RequestFigures", "ServiceFigures", "Shared"]
