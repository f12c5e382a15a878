"""Which recovery strategy for a directory synchronisation server outlasts the outages it will really have."""

import os
from collections.abc import Callable, Mapping
from typing import Any, Optional, Union

__version__: str

_Value = Union[str, float, int, bool, list[Any], dict[str, Any]]
_Progress = Union[None, bool, Callable[[int, int], Any]]

class ScenarioError(ValueError):
    """The scenario is wrong: `findings` has everything, the others are those of the first error."""

    findings: list[dict[str, Any]]
    message: Optional[str]
    line: Optional[int]
    column: Optional[int]
    key: Optional[str]

class PathError(ScenarioError):
    """No key of the scenario has that path."""

class Table:
    """Columns of one type each: text, whole numbers (int64) or numbers (double, null where there is none)."""

    name: str
    @property
    def columns(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, column: str) -> list[Any]: ...
    def to_dict(self) -> dict[str, list[Any]]: ...
    def to_pandas(self) -> Any: ...
    def to_polars(self) -> Any: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def _repr_html_(self) -> str: ...

class Answer:
    """What came of a run: the decision in words, tables by name, charts."""

    @property
    def title(self) -> str: ...
    @property
    def headline(self) -> str: ...
    @property
    def sentences(self) -> list[str]: ...
    @property
    def strategy(self) -> Optional[str]: ...
    @property
    def strategies(self) -> list[str]: ...
    @property
    def trials_played(self) -> Optional[int]: ...
    @property
    def interrupted(self) -> bool: ...
    @property
    def tables(self) -> list[str]: ...
    def to_dict(self) -> dict[str, Any]: ...
    def charts(self) -> dict[str, str]: ...
    def __getattr__(self, name: str) -> Table: ...
    def _repr_html_(self) -> str: ...

class Scenario:
    """The organisation, its faults, its people and the strategies to compare. `set` gives a new one."""

    @staticmethod
    def load(path: Union[str, os.PathLike[str]]) -> Scenario: ...
    @staticmethod
    def parse(text: str, base: Union[None, str, os.PathLike[str]] = None) -> Scenario: ...
    @staticmethod
    def default() -> Scenario: ...
    def __getitem__(self, path: str) -> Any: ...
    def set(self, path: str, value: _Value) -> Scenario: ...
    def paths(self) -> dict[str, str]: ...
    def check(self) -> Scenario: ...
    def to_toml(self) -> str: ...
    def run(
        self,
        trials: Optional[int] = None,
        *,
        seed: int = 1,
        threads: Optional[int] = None,
        until_decided: bool = False,
        confidence: float = 0.95,
        progress: _Progress = None,
        robustness: bool = True,
        raw: bool = False,
    ) -> Answer: ...
    def compare(
        self,
        others: Mapping[str, Union[Scenario, dict[str, _Value]]],
        trials: int = 10_000,
        *,
        seed: int = 1,
        threads: Optional[int] = None,
        confidence: float = 0.95,
        progress: _Progress = None,
        name: str = "as assumed",
    ) -> Answer: ...
    def sensitivity(
        self,
        points: int = 2048,
        *,
        seed: int = 1,
        threads: Optional[int] = None,
        confidence: float = 0.95,
        progress: _Progress = None,
    ) -> Answer: ...
