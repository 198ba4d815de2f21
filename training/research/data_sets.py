"""The data sets that pairs come from: what may be done with each, and whom to name."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Texts of one origin.

    Attributes:
        license: as its publisher states it.
        attribution: the sentence that names its makers.
        is_open: whether its license lets its rows be published.
    """

    name: str
    license: str
    attribution: str
    is_open: bool


ESCO: Final = DataSet(
    name="ESCO 1.2.0",
    license="Commission Decision 2011/833/EU (CC BY 4.0)",
    attribution="This service uses the ESCO classification of the European Commission. "
    "Modified: subset, assembled from several copies.",
    is_open=True,
)
ONET: Final = DataSet(
    name="O*NET 29.3",
    license="CC BY 4.0",
    attribution="This product includes information from the O*NET 29.3 Database by the U.S. "
    "Department of Labor, Employment and Training Administration (USDOL/ETA). Used under the "
    "CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. Modified: converted from "
    "spreadsheets, some columns dropped.",
    is_open=True,
)
SKILLSKAPE: Final = DataSet(
    name="SkillSkape (train)",
    license="MIT, © 2024 Antoine Magron",
    attribution="Magron, Dai, Zhang, Montariol, Bosselut, JobSkape, NLP4HR 2024.",
    is_open=True,
)
SKILLSPAN: Final = DataSet(
    name="SkillSpan (train)",
    license="MIT, © 2023 Mike Zhang",
    attribution="Zhang et al. 2022, SkillSpan, NAACL.",
    is_open=True,
)
GREEN: Final = DataSet(
    name="GREEN (test part)",
    license="CC BY 4.0",
    attribution="Green, Maynard, Lin 2022, LREC.",
    is_open=True,
)
TECHWOLF: Final = DataSet(
    name="TechWolf vacancies (train part)",
    license="Apache-2.0",
    attribution="De Lange, Decorte, Van Hautte 2025, Unified Work Embeddings (arXiv:2511.07969).",
    is_open=True,
)
JOBBERT: Final = DataSet(
    name="JobBERT titles",
    license="none stated",
    attribution="Decorte et al. 2021, JobBERT, FEAST@ECML-PKDD; titles from a Malaysian "
    "governmental job board.",
    is_open=False,
)
COURSERA: Final = DataSet(
    name="Coursera credentials",
    license="none stated",
    attribution="Coursera catalog metadata.",
    is_open=False,
)
EDX_UDACITY: Final = DataSet(
    name="edX and Udacity courses",
    license="none stated",
    attribution="edX and Udacity catalog text.",
    is_open=False,
)
IBM: Final = DataSet(
    name="IBM Skills Network courses",
    license="none stated",
    attribution="IBM Skills Network.",
    is_open=False,
)
INDUSTRY_ADS: Final = DataSet(
    name="Industry job ads (identity and access management)",
    license="none: employers' texts",
    attribution="Ken Myers dissertation data.",
    is_open=False,
)
CREDENTIALS: Final = DataSet(
    name="Credentials of the store",
    license="that of their providers",
    attribution="The institution's own catalog.",
    is_open=False,
)
WRITTEN: Final = DataSet(
    name="The project's own writing (`training/written/`)",
    license="Apache-2.0",
    attribution="The Onramp contributors.",
    is_open=True,
)
